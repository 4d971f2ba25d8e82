/**
 * The backup file: gzip around a first line that names format and version, then frames of a letter, a length and
 * bytes. It is written and read as a stream; what only its end knows (rows, hashes) stands in its last frame, so a
 * file that was cut off is never taken for whole.
 */
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';

const formatVersion = 1;
const firstLine = `mostrador-backup ${formatVersion}\n`;
const frameBytes = 5;
/** Larger ones are not written, so a damaged length is noticed before memory is taken for it. */
const frameBytesMax = 16 * 1024 * 1024;

/** `H`ead, `T`able, `D`ata of it (PostgreSQL's COPY text), `M`anifest. */
export type FrameKind = 'H' | 'T' | 'D' | 'M';

export interface Frame {
  readonly kind: FrameKind;
  readonly body: Buffer;
}

/** The first frame: what is in the file. */
export interface Head {
  readonly createdAt: string;
  readonly logId: string;
  readonly serverVersion: string;
  readonly migrations: readonly { id: string; checksum: string }[];
  /** In an order that references allow to load. */
  readonly tables: readonly string[];
  /** Never in it; said so in the file itself. */
  readonly excludes: readonly string[];
}

export interface TableHead {
  readonly table: string;
  readonly columns: readonly string[];
}

/** The last frame: what must have been read. */
export interface Manifest {
  readonly tables: readonly { table: string; rows: number; bytes: number; sha256: string }[];
  readonly sequences: readonly { sequence: string; value: number; called: boolean }[];
}

/** The file is not a backup, is damaged, or does not fit this program or database; the message says which. */
export class BackupUnusable extends Error {
  override readonly name = 'BackupUnusable';
}

export function beginning(): Buffer {
  return Buffer.from(firstLine);
}

export function frame(kind: FrameKind, body: Uint8Array | object): Buffer {
  const bytes = body instanceof Uint8Array ? body : Buffer.from(JSON.stringify(body));
  const head = Buffer.alloc(frameBytes);
  head.write(kind, 'latin1');
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

/** Bytes in pieces, taken in the lengths that are asked for. */
class Pieces {
  readonly #source: AsyncIterator<Buffer>;
  #held: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Exactly `length` bytes; undefined when the source is at its end before the first. */
  async take(length: number): Promise<Buffer | undefined> {
    const parts = [this.#held];
    let total = this.#held.length;
    while (total < length) {
      const { value, done } = await this.#source.next();
      if (done) {
        if (total === 0) return undefined;
        throw new BackupUnusable('The backup file ends in the middle.');
      }
      parts.push(value);
      total += value.length;
    }
    const all = parts.length === 1 ? this.#held : Buffer.concat(parts, total);
    this.#held = all.subarray(length);
    return all.subarray(0, length);
  }
}

/** The frames of a file, in order. `onBytes` hears how much of the file was read. */
export async function* readFrames(path: string, onBytes: (bytes: number) => void): AsyncGenerator<Frame> {
  const file = createReadStream(path, { highWaterMark: 256 * 1024 });
  file.on('data', () => onBytes(file.bytesRead));
  const plain = createGunzip();
  file.once('error', (error) => plain.destroy(error));
  file.pipe(plain);
  const pieces = new Pieces(plain);
  try {
    const line = await pieces.take(firstLine.length);
    if (line?.toString('latin1') !== firstLine) throw new BackupUnusable(refusalOf(line));
    for (;;) {
      const head = await pieces.take(frameBytes);
      if (!head) return;
      const length = head.readUInt32BE(1);
      if (length > frameBytesMax) throw new BackupUnusable('The backup file is damaged: a length in it cannot be.');
      const body = length === 0 ? Buffer.alloc(0) : await pieces.take(length);
      if (!body) throw new BackupUnusable('The backup file ends in the middle.');
      yield { kind: head.toString('latin1', 0, 1) as FrameKind, body };
    }
  } catch (error) {
    throw explain(error, path);
  } finally {
    file.destroy();
    plain.destroy();
  }
}

function refusalOf(line: Buffer | undefined): string {
  if (line?.toString('latin1').startsWith('mostrador-backup ')) {
    return 'The backup file has a newer format than this program knows. Update the program.';
  }
  return 'This is not a backup file of Mostrador.';
}

function explain(error: unknown, path: string): unknown {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code === 'ENOENT' || code === 'EACCES' || code === 'EISDIR') {
    return new BackupUnusable(`${path} cannot be read (${code}).`, { cause: error });
  }
  if (code === 'Z_DATA_ERROR') {
    const words = /incorrect header check/.test((error as Error).message)
      ? 'This is not a backup file of Mostrador.'
      : 'The backup file is damaged.';
    return new BackupUnusable(words, { cause: error });
  }
  if (code === 'Z_BUF_ERROR') return new BackupUnusable('The backup file ends in the middle.', { cause: error });
  return error;
}
