/**
 * Bytes of a text file made UTF-8: a byte order mark is dropped, UTF-16 is converted, and lines that are no UTF-8 are
 * taken for Windows-1252, which is what spreadsheets of this continent have saved for decades. Decided line by line,
 * so that one odd line harms no other.
 */
import { isUtf8 } from 'node:buffer';
import { Transform, type TransformCallback } from 'node:stream';
import { TextDecoder } from 'node:util';

const NEWLINE = 0x0a;
/** A line longer than this is passed on in pieces rather than gathered. */
const LINE_MAX = 4 * 1024 * 1024;

export class ToUtf8 extends Transform {
  /** Lines that were read as Windows-1252. */
  otherLines = 0;
  #started = false;
  #utf16: TextDecoder | undefined;
  readonly #ansi = new TextDecoder('windows-1252');
  #rest: Buffer = Buffer.alloc(0);

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#rest = Buffer.alloc(0);
    if (!this.#started) {
      if (bytes.length < 3) {
        this.#rest = bytes;
        done();
        return;
      }
      bytes = this.#start(bytes);
    }
    if (this.#utf16 !== undefined) {
      done(null, this.#utf16.decode(bytes, { stream: true }));
      return;
    }
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    if (end === 0 && bytes.length < LINE_MAX) {
      this.#rest = bytes;
      done();
      return;
    }
    const whole = end === 0 ? bytes : bytes.subarray(0, end);
    this.#rest = bytes.subarray(whole.length);
    this.#lines(whole);
    done();
  }

  override _flush(done: TransformCallback): void {
    let bytes = this.#rest;
    if (!this.#started && bytes.length > 0) bytes = this.#start(bytes);
    if (this.#utf16 !== undefined) this.push(this.#utf16.decode(bytes));
    else if (bytes.length > 0) this.#lines(bytes);
    done();
  }

  #start(bytes: Buffer): Buffer {
    this.#started = true;
    if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return bytes.subarray(3);
    if (bytes[0] === 0xff && bytes[1] === 0xfe) this.#utf16 = new TextDecoder('utf-16le');
    else if (bytes[0] === 0xfe && bytes[1] === 0xff) this.#utf16 = new TextDecoder('utf-16be');
    return bytes;
  }

  #lines(bytes: Buffer): void {
    if (isUtf8(bytes)) {
      this.push(bytes);
      return;
    }
    let from = 0;
    while (from < bytes.length) {
      const newline = bytes.indexOf(NEWLINE, from);
      const to = newline === -1 ? bytes.length : newline + 1;
      const line = bytes.subarray(from, to);
      if (isUtf8(line)) this.push(line);
      else {
        this.otherLines++;
        this.push(this.#ansi.decode(line));
      }
      from = to;
    }
  }
}
