/**
 * The memory of a module: shared, so that views of it stay valid when it grows.
 *
 * In: bytes. Out: words. Never: a byte that is not zero when it is given out.
 */
import { type Memory, pageBytes, pagesMax, webAssembly } from './host.ts';
import { NotInLanguage } from './tree.ts';

/** Bytes of a line of the cache, about; what different threads write should not share one. */
const lineBytes = 64;

/** A part of a memory that there is already, from this byte on: it may be that of another thread. */
export interface Part {
  readonly memory: Memory;
  /** A multiple of 64; nothing was written there or behind it. */
  readonly from: number;
}

/** Where the next may lie behind so many bytes at `at`. */
export function behind(at: number, bytes: number): number {
  return Math.ceil((at + bytes) / lineBytes) * lineBytes;
}

export class ModuleMemory {
  readonly memory: Memory;
  /** The first byte of this part. */
  readonly from: number;
  /** The first byte that nobody has yet. */
  free: number;

  /** `pagesMost`: how far it may grow, for tests; addresses end at 4 GiB. Of a part it must be what the memory was made with. */
  constructor(
    readonly pagesMost: number = pagesMax,
    part?: Part,
  ) {
    this.memory = part?.memory ?? new webAssembly.Memory({ initial: 0, maximum: pagesMost, shared: true });
    this.from = part?.from ?? 0;
    this.free = this.from;
    if (part !== undefined) this.learnSize();
  }

  /**
   * A thread that is sent a memory reads its size when it begins to read the message, and is told of growth only from when it has read the memory itself. If the
   * memory grew in between, the engine goes on with the old size in this thread, and atomic accesses behind it trap. Growing by nothing asks for the size again.
   */
  private learnSize(): void {
    this.memory.grow(0);
  }

  /** The next bytes, from a new line of the cache on. Returns their address. */
  take(bytes: number): number {
    const at = this.free;
    this.free = behind(at, bytes);
    if (!this.grow(this.free)) throw new NotInLanguage('more than 4 GiB of memory');
    return at;
  }

  words(): Int32Array {
    return new Int32Array(this.memory.buffer);
  }

  /** At least so many bytes. False: there are no more. */
  grow(bytes: number): boolean {
    const missing = Math.ceil((bytes - this.memory.buffer.byteLength) / pageBytes);
    if (missing <= 0) return true;
    if (Math.ceil(bytes / pageBytes) > this.pagesMost) return false;
    try {
      this.memory.grow(missing);
      return true;
    } catch (error) {
      if (error instanceof RangeError) return false;
      throw error;
    }
  }
}
