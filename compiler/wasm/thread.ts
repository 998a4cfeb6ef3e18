/**
 * A thread that makes one module of one text, and ends.
 *
 * In: `Text`. Out: `Translated`, or null where the text is not in the language. Never: a memory; whoever asked has that.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { NotInLanguage } from './tree.ts';
import { type Text, translateText } from './wasm.ts';

parentPort?.postMessage(translated(workerData as Text));

function translated(text: Text): ReturnType<typeof translateText> | null {
  try {
    return translateText(text);
  } catch (error) {
    if (error instanceof NotInLanguage) return null;
    throw error;
  }
}
