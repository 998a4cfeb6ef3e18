/**
 * What a thread needs to have the same system.
 */
import type { Frame } from '../emit/frame.ts';
import type { Memory } from './host.ts';
import type { Translated } from './link.ts';
import type { Words } from './tree.ts';

/**
 * A system that is there, for a thread to have the same one in a part of its memory: plain data. The code is not compiled once more, what the engine
 * makes of it included; only the arrays are others.
 */
export interface Twin {
  readonly frame: Frame;
  readonly arrays: ReadonlyMap<string, Words>;
  readonly translated: Translated;
  readonly memory: Memory;
  readonly pagesMost: number;
}
