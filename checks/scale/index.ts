/** The runs at true scale, in the order of the mails. */
import { flushes2023 } from './flushes2023.ts';
import { nested2020 } from './nested2020.ts';
import { roots2021 } from './roots2021.ts';
import type { ScaleScript } from './run.ts';
import { split2022 } from './split2022.ts';
import { zap2013 } from './zap2013.ts';

export const scaleScripts: readonly ScaleScript[] = [zap2013, nested2020, roots2021, split2022, flushes2023];
