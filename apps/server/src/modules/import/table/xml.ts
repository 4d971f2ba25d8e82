/** Pushes the bytes of an XML document through a streaming parser into a handler of elements, names without prefix. */
import { SaxesParser } from 'saxes';
import { FileUnreadable } from './source.js';

export interface XmlHandler {
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  text(text: string): void;
  close(name: string): void;
}

export class XmlRows {
  readonly #parser = new SaxesParser();
  readonly #decoder = new TextDecoder('utf-8');

  constructor(handler: XmlHandler) {
    this.#parser.on('error', (error) => {
      throw new FileUnreadable(`The workbook is damaged: ${error.message}`);
    });
    this.#parser.on('opentag', (tag) => handler.open(local(tag.name), tag.attributes as Record<string, string>));
    this.#parser.on('closetag', (tag) => handler.close(local(tag.name)));
    this.#parser.on('text', (text) => handler.text(text));
    this.#parser.on('cdata', (text) => handler.text(text));
  }

  write(bytes: Buffer): void {
    this.#parser.write(this.#decoder.decode(bytes, { stream: true }));
  }

  end(): void {
    this.#parser.write(this.#decoder.decode());
    this.#parser.close();
  }
}

function local(name: string): string {
  const colon = name.indexOf(':');
  return colon === -1 ? name : name.slice(colon + 1);
}
