/** A zip archive opened for reading single entries as streams; sizes are checked against what the archive states. */
import type { Readable } from 'node:stream';
import yauzl from 'yauzl';
import { FileUnreadable } from './source.js';

const ENTRIES_MAX = 10_000;

export interface Zip {
  has(name: string): boolean;
  /** Bytes when unpacked; 0 when there is no such entry. */
  size(name: string): number;
  stream(name: string): AsyncGenerator<Buffer>;
  close(): void;
}

export async function openZip(path: string): Promise<Zip> {
  const { file, entries } = await readDirectory(path);
  return {
    has: (name) => entries.has(name),
    size: (name) => entries.get(name)?.uncompressedSize ?? 0,
    close: () => file.close(),
    async *stream(name) {
      const entry = entries.get(name);
      if (entry === undefined) throw new FileUnreadable(`The workbook lacks ${name}`);
      const stream = await new Promise<Readable>((resolve, reject) => {
        file.openReadStream(entry, (error, opened) => {
          if (error) reject(damaged(error));
          else resolve(opened);
        });
      });
      try {
        for await (const chunk of stream) yield chunk as Buffer;
      } catch (error) {
        throw damaged(error);
      } finally {
        stream.destroy();
      }
    },
  };
}

function readDirectory(path: string): Promise<{ file: yauzl.ZipFile; entries: Map<string, yauzl.Entry> }> {
  return new Promise((resolve, reject) => {
    yauzl.open(path, { lazyEntries: true, autoClose: false }, (error, file) => {
      if (error) {
        reject(damaged(error));
        return;
      }
      const entries = new Map<string, yauzl.Entry>();
      file.on('entry', (entry: yauzl.Entry) => {
        entries.set(entry.fileName, entry);
        if (entries.size > ENTRIES_MAX) {
          file.close();
          reject(new FileUnreadable('The archive has too many entries to be a workbook'));
        } else file.readEntry();
      });
      file.on('error', (fault: unknown) => {
        file.close();
        reject(damaged(fault));
      });
      file.on('end', () => resolve({ file, entries }));
      file.readEntry();
    });
  });
}

function damaged(error: unknown): FileUnreadable {
  if (error instanceof FileUnreadable) return error;
  return new FileUnreadable(`The workbook is damaged: ${error instanceof Error ? error.message : String(error)}`);
}
