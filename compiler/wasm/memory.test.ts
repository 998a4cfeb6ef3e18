import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { type Memory, pageBytes } from './host.ts';
import { exportOf, instantiate, translate } from './link.ts';
import { ModuleMemory } from './memory.ts';
import { readModule } from './read.ts';
import { word } from './tree.ts';

const pagesMost = 100;
const flag = { posted: 0, reading: 1 } as const;

/** Makes a memory, sends it behind what takes long to read, and lets it grow when that is being read. */
const sender = `
const { workerData: { flags, port, pagesMost } } = require('node:worker_threads');
const memory = new WebAssembly.Memory({ initial: 1, maximum: pagesMost, shared: true });
port.postMessage({ before: Array.from({ length: 100000 }, () => []), memory });
Atomics.store(flags, ${flag.posted}, 1);
Atomics.notify(flags, ${flag.posted});
Atomics.wait(flags, ${flag.reading}, 0);
const start = performance.now();
while (performance.now() - start < 3);
memory.grow(pagesMost - 1);
`;

/** A memory of `pagesMost` pages that had one when it was sent. */
async function received(): Promise<Memory> {
  const flags = new Int32Array(new SharedArrayBuffer(8));
  const { port1, port2 } = new MessageChannel();
  const thread = new Worker(sender, { eval: true, workerData: { flags, port: port2, pagesMost }, transferList: [port2] });
  const ended = new Promise((resolve) => void thread.on('exit', resolve));
  Atomics.wait(flags, flag.posted, 0);
  const memory = memoryFrom(port1, flags);
  await ended;
  port1.close();
  return memory;
}

function memoryFrom(port: MessagePort, flags: Int32Array): Memory {
  Atomics.store(flags, flag.reading, 1);
  Atomics.notify(flags, flag.reading);
  const got = receiveMessageOnPort(port);
  if (got === undefined) throw new Error('nothing was sent');
  return (got.message as { readonly memory: Memory }).memory;
}

describe('a memory of another thread', () => {
  it('has the size to which it grew while it was on its way', async () => {
    let memory = await received();
    // On a busy machine it may have grown earlier or later, when nothing can go wrong.
    for (let tries = 0; tries < 4 && memory.buffer.byteLength > pageBytes; tries++) memory = await received();
    const part = new ModuleMemory(pagesMost, { memory, from: 0 });
    expect(part.words().byteLength).toBe(pagesMost * pageBytes);
    const text = 'return{swap:(at,a,b)=>Atomics.compareExchange(Z,at,a,b)};';
    const module = readModule(text, new Map([['Z', { start: 0, unsigned: false }]]), () => word, []);
    const swap = exportOf(instantiate(translate(module, pagesMost), part, {}), 'swap');
    const last = part.words().length - 1;
    expect([swap(last, 0, 7), swap(last, 7, 0)]).toEqual([0, 7]);
  });
});
