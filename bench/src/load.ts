/**
 * A small HTTP/1.1 client for loads: raw sockets and pre-built heads, since on two cores a full client would take from
 * the server what it measures. Closed loop (as fast as it goes) or open loop (so many a second, whatever the answers do;
 * latency counts from when a request was due, so that a stall is not hidden).
 */
import { connect, type Socket } from 'node:net';

export interface LoadOptions {
  readonly port: number;
  readonly connections: number;
  /** Requests to send in all. */
  readonly total: number;
  /** Requests a second; absent: closed loop. */
  readonly rate?: number;
  /** The next request as it goes over the wire. */
  readonly next: () => string;
  /** Sees each answer. */
  readonly seen?: (status: number, body: string) => void;
}

export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  readonly statuses: Readonly<Record<number, number>>;
}

interface Connection {
  readonly socket: Socket;
  due: number;
  busy: boolean;
  buffer: string;
}

/** Builds a request; the bearer token and host stand in `head`. */
export function request(method: string, path: string, headers: Readonly<Record<string, string>>, body = ''): string {
  let text = `${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n`;
  for (const [name, value] of Object.entries(headers)) text += `${name}: ${value}\r\n`;
  if (body !== '') text += `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`;
  return `${text}\r\n${body}`;
}

export async function load(options: LoadOptions): Promise<LoadResult> {
  const connections = await Promise.all(Array.from({ length: options.connections }, () => open(options.port)));
  const latencies: number[] = [];
  const statuses: Record<number, number> = {};
  const backlog: number[] = [];
  let sent = 0;
  let done = 0;
  const started = performance.now();
  await new Promise<void>((resolve, reject) => {
    const send = (c: Connection, due: number) => {
      c.busy = true;
      c.due = due;
      sent++;
      c.socket.write(options.next());
    };
    const answered = (c: Connection, status: number, body: string) => {
      latencies.push(performance.now() - c.due);
      statuses[status] = (statuses[status] ?? 0) + 1;
      options.seen?.(status, body);
      c.busy = false;
      if (++done >= options.total) return resolve();
      if (options.rate === undefined) {
        if (sent < options.total) send(c, performance.now());
      } else {
        const due = backlog.shift();
        if (due !== undefined) send(c, due);
      }
    };
    for (const c of connections) {
      c.socket.on('data', (chunk: string) => read(c, chunk, answered));
      c.socket.on('error', reject);
      c.socket.on('close', () => {
        if (done < options.total) reject(new Error('the server closed a connection'));
      });
    }
    if (options.rate === undefined) {
      for (const c of connections) if (sent < options.total) send(c, performance.now());
    } else {
      schedule(options.rate, options.total, (due) => {
        const free = connections.find((c) => !c.busy);
        if (free === undefined) backlog.push(due);
        else send(free, due);
      });
    }
  });
  const seconds = (performance.now() - started) / 1000;
  for (const c of connections) c.socket.destroy();
  latencies.sort((a, b) => a - b);
  const at = (q: number) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * q))] ?? 0;
  return {
    requests: done,
    seconds,
    perSecond: done / seconds,
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    max: latencies.at(-1) ?? 0,
    statuses,
  };
}

/** Calls `arrive` with the time at which each request was due. */
function schedule(rate: number, total: number, arrive: (due: number) => void): void {
  const started = performance.now();
  let n = 0;
  const tick = () => {
    const now = performance.now();
    while (n < total) {
      const due = started + (n * 1000) / rate;
      if (due > now) break;
      n++;
      arrive(due);
    }
    if (n < total) setTimeout(tick, 1);
  };
  tick();
}

function open(port: number): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.setEncoding('latin1');
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve({ socket, due: 0, busy: false, buffer: '' });
    });
  });
}

/** One answer at a time stands on a connection, so the buffer holds at most one. */
function read(c: Connection, chunk: string, answered: (c: Connection, status: number, body: string) => void): void {
  c.buffer = c.buffer === '' ? chunk : c.buffer + chunk;
  const end = c.buffer.indexOf('\r\n\r\n');
  if (end < 0) return;
  const head = c.buffer.slice(0, end);
  const match = /\r\ncontent-length: (\d+)/i.exec(head);
  const length = match === null ? 0 : Number(match[1]);
  if (c.buffer.length < end + 4 + length) return;
  const body = c.buffer.slice(end + 4, end + 4 + length);
  c.buffer = '';
  answered(c, Number(head.slice(9, 12)), body);
}
