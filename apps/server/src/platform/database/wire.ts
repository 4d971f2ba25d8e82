/**
 * Messages of PostgreSQL's extended query protocol, written one after the other into one buffer. Values go as text, as the
 * driver sends them, but for bytes; arrays are written as literals here because the driver's way costs a batch of sales a
 * tenth of its time.
 */

const SCRATCH_BYTES = 64 * 1024;
/** A larger buffer, which an import needs for a moment, is not kept. */
const SCRATCH_BYTES_MAX = 1024 * 1024;

export class Wire {
  #buffer = Buffer.allocUnsafe(SCRATCH_BYTES);
  #length = 0;
  /** Where the message that is being written has its length. */
  #lengthAt = 0;

  parse(name: string, text: string): void {
    this.#open('P');
    this.#cstring(name);
    this.#cstring(text);
    this.#int16(0);
    this.#shut();
  }

  /** Binds to the unnamed portal; bytes go as they are, all else as text, and so do the results. */
  bind(name: string, values: readonly unknown[]): void {
    this.#open('B');
    this.#cstring('');
    this.#cstring(name);
    this.#int16(values.length);
    for (const value of values) this.#int16(value instanceof Uint8Array ? 1 : 0);
    this.#int16(values.length);
    for (const value of values) this.#value(value);
    this.#int16(0);
    this.#shut();
  }

  describe(): void {
    this.#open('D');
    this.#ascii('P\0');
    this.#shut();
  }

  execute(): void {
    this.#open('E');
    this.#cstring('');
    this.#int32(0);
    this.#shut();
  }

  closeStatement(name: string): void {
    this.#open('C');
    this.#ascii('S');
    this.#cstring(name);
    this.#shut();
  }

  /** Ends what is sent together; answers what is to go over the wire and begins anew. */
  sync(): Buffer {
    this.#open('S');
    this.#shut();
    const message = Buffer.from(this.#buffer.subarray(0, this.#length));
    this.reset();
    return message;
  }

  reset(): void {
    this.#length = 0;
    if (this.#buffer.length > SCRATCH_BYTES_MAX) this.#buffer = Buffer.allocUnsafe(SCRATCH_BYTES);
  }

  #value(value: unknown): void {
    if (value === null || value === undefined) {
      this.#int32(-1);
    } else if (value instanceof Uint8Array) {
      this.#int32(value.length);
      this.#room(value.length);
      this.#buffer.set(value, this.#length);
      this.#length += value.length;
    } else {
      const at = this.#length;
      this.#int32(0);
      this.#utf8(textOf(value));
      this.#buffer.writeInt32BE(this.#length - at - 4, at);
    }
  }

  #open(type: string): void {
    this.#ascii(type);
    this.#lengthAt = this.#length;
    this.#int32(0);
  }

  #shut(): void {
    this.#buffer.writeInt32BE(this.#length - this.#lengthAt, this.#lengthAt);
  }

  #cstring(text: string): void {
    this.#utf8(text);
    this.#ascii('\0');
  }

  #ascii(text: string): void {
    this.#room(text.length);
    this.#length += this.#buffer.write(text, this.#length, 'latin1');
  }

  #utf8(text: string): void {
    // Three bytes are the most that a unit of UTF-16 becomes; long texts are measured rather than guessed.
    this.#room(text.length < SCRATCH_BYTES ? text.length * 3 : Buffer.byteLength(text));
    this.#length += this.#buffer.write(text, this.#length, 'utf8');
  }

  #int16(value: number): void {
    this.#room(2);
    this.#length = this.#buffer.writeUInt16BE(value, this.#length);
  }

  #int32(value: number): void {
    this.#room(4);
    this.#length = this.#buffer.writeInt32BE(value, this.#length);
  }

  #room(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length + bytes));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}

/** A value as PostgreSQL reads it: arrays as literals, times in ISO form, other objects as JSON. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return arrayLiteral(value);
  if (value instanceof Date) return timeOf(value);
  if (typeof value === 'object') return JSON.stringify(value);
  return String(value);
}

/** PostgreSQL knows neither a year 0 nor a sign before a year. */
function timeOf(value: Date): string {
  const iso = value.toISOString();
  const year = value.getUTCFullYear();
  if (year > 0) return iso.replace(/^\+0*/, '');
  return `${String(1 - year).padStart(4, '0')}${iso.slice(iso.indexOf('-', 1))} BC`;
}

function arrayLiteral(values: readonly unknown[]): string {
  let text = '{';
  for (let i = 0; i < values.length; i++) {
    if (i > 0) text += ',';
    const value = values[i];
    if (value === null || value === undefined) text += 'NULL';
    else if (typeof value === 'number') text += value;
    else if (typeof value === 'string') text += quoted(value);
    else if (Array.isArray(value)) text += arrayLiteral(value);
    else if (value instanceof Uint8Array) text += `"\\\\x${Buffer.from(value).toString('hex')}"`;
    else text += quoted(textOf(value));
  }
  return `${text}}`;
}

function quoted(text: string): string {
  // Nearly all are ids and names; replacing costs more than looking.
  if (!text.includes('"') && !text.includes('\\')) return `"${text}"`;
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
