/**
 * NOTIFY for the whole process over one connection. It is made anew when it is lost; since what was sent meanwhile
 * is gone, every listener is then called once with an empty payload and looks for itself.
 */
import type pg from 'pg';
import { connect, type Source } from './connect.js';

type Heard = (payload: string) => void;

export class Listener {
  readonly #config: () => pg.ClientConfig;
  readonly #source: Source;
  readonly #channels = new Map<string, Set<Heard>>();
  #client: Promise<pg.Client> | undefined;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(config: () => pg.ClientConfig, source: Source) {
    this.#config = config;
    this.#source = source;
  }

  async listen(channel: string, fn: Heard): Promise<() => Promise<void>> {
    if (!/^[a-z_][a-z0-9_]{0,62}$/.test(channel)) throw new TypeError(`${channel} is no channel's name`);
    const heard = this.#channels.get(channel) ?? new Set<Heard>();
    this.#channels.set(channel, heard);
    heard.add(fn);
    const client = await this.#connected();
    await client.query(`LISTEN ${channel}`);
    return async () => {
      heard.delete(fn);
      if (heard.size > 0 || this.#channels.get(channel) !== heard) return;
      this.#channels.delete(channel);
      const open = await this.#client?.catch(() => undefined);
      // Who has begun to listen meanwhile is not made deaf.
      if (this.#channels.has(channel)) return;
      await open?.query(`UNLISTEN ${channel}`).catch(() => {});
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    const client = await this.#client?.catch(() => undefined);
    await client?.end().catch(() => {});
  }

  #connected(): Promise<pg.Client> {
    this.#client ??= this.#open().catch((error) => {
      this.#client = undefined;
      throw error;
    });
    return this.#client;
  }

  async #open(): Promise<pg.Client> {
    const client = await connect(this.#config(), this.#source);
    client.on('notification', ({ channel, payload }) => this.#tell(channel, payload ?? ''));
    client.once('end', () => {
      this.#client = undefined;
      this.#again();
    });
    return client;
  }

  #again(): void {
    if (this.#closed || this.#channels.size === 0) return;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(async () => {
      try {
        const client = await this.#connected();
        for (const channel of this.#channels.keys()) await client.query(`LISTEN ${channel}`);
        for (const channel of this.#channels.keys()) this.#tell(channel, '');
      } catch {
        this.#again();
      }
    }, 250);
    this.#retry.unref();
  }

  #tell(channel: string, payload: string): void {
    for (const fn of this.#channels.get(channel) ?? []) {
      try {
        fn(payload);
      } catch {
        // A listener's fault is its own; the others are still told.
      }
    }
  }
}
