/**
 * A module is made in a thread, while the system runs on outside of it.
 *
 * In: generated code. Out: its translation, once it is there. Never: a process that waits for the thread.
 */
import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { GeneratedCode } from '../emit/index.ts';
import type { Translated } from './link.ts';
import { type Ahead, type Text, textOf } from './wasm.ts';

export interface Translation {
  /** Null: it is not there yet. `none`: it will not be, and whoever wants it has to make it. */
  readonly ahead: Ahead | 'none' | null;
  /** Whatever it is doing is not wanted any more. */
  stop(): void;
}

let file = new URL('./thread.js', import.meta.url);

/** For tests, which run from the sources: a built `thread.js`. */
export function useTranslatorFile(built: URL): void {
  file = built;
}

/** Its messages come when the event loop turns. Null: there is no thread that could do it, as where TypeScript is run from the sources. */
export function translateBeside(code: GeneratedCode): Translation | null {
  if (!existsSync(file)) return null;
  const given = textOf(code);
  const thread = started(given);
  if (thread === null) return null;
  thread.unref();
  const translation = {
    ahead: null as Ahead | 'none' | null,
    stop: () => {
      void thread.terminate();
    },
  };
  thread.on('message', (translated: Translated | null) => {
    translation.ahead = translated === null ? 'none' : { given, translated };
  });
  thread.on('error', () => {
    translation.ahead ??= 'none';
  });
  thread.on('exit', () => {
    translation.ahead ??= 'none';
  });
  return translation;
}

/** Null where the machine has no more threads. */
function started(given: Text): Worker | null {
  try {
    return new Worker(file, { workerData: given });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_INIT_FAILED') return null;
    throw error;
  }
}
