/**
 * `npm run corpus`: the kept traces of counterexamples/corpus, made again. To be run after the model was changed on purpose.
 * Words behind it are scenarios: only their traces are made.
 *
 * In: names of scenarios. Out: files, and a line for each. Never: a trace that its own replay does not confirm.
 */
import { replayCorpus, writeCorpus } from '../checks/index.ts';

await writeCorpus(process.argv.slice(2), (file, bytes) => process.stdout.write(`${file}  ${bytes} bytes\n`));
const broken = (await replayCorpus()).filter(({ stillViolates, firstDifference }) => !stillViolates || firstDifference !== null);
for (const { file, firstDifference } of broken) process.stderr.write(`${file}: ${firstDifference?.message ?? 'does not violate'}\n`);
process.exitCode = broken.length === 0 ? 0 : 70;
