/** What becomes of requests under way when the server is told to go. */
import { connect } from 'node:net';
import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ApiError, createHttp } from './index.js';

describe('closing', () => {
  it('finishes what was accepted, ends idle connections, and takes no new one', async () => {
    let finish = () => {};
    let begun = () => {};
    const running = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const http = await createHttp({
      log: pino({ level: 'silent' }),
      version: '1',
      authenticate: () => Promise.reject(new ApiError('token_invalid')),
    });
    http.api.route(
      {
        method: 'GET',
        url: '/slow',
        tag: 'x',
        summary: 'x',
        permission: 'public',
        response: z.object({ done: z.boolean() }),
      },
      async () => {
        begun();
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
        return { done: true };
      },
    );
    const [address = ''] = await http.listen('127.0.0.1', 0);
    const idle = connect(Number(new URL(address).port), '127.0.0.1');
    await new Promise((resolve) => idle.once('connect', resolve));
    const idleEnded = new Promise((resolve) => idle.once('close', resolve));
    const answer = fetch(`${address}/api/v1/slow`);
    await running;
    const closing = http.close(60_000);
    await expect
      .poll(() =>
        fetch(`${address}/api/v1/slow`).then(
          () => 'answered',
          () => 'refused',
        ),
      )
      .toBe('refused');
    finish();
    expect(await (await answer).json()).toEqual({ done: true });
    await closing;
    idle.destroy();
    await idleEnded;
  });

  it('cuts what does not finish in its time', async () => {
    const http = await createHttp({
      log: pino({ level: 'silent' }),
      version: '1',
      authenticate: () => Promise.reject(new ApiError('token_invalid')),
    });
    let begun = () => {};
    const running = new Promise<void>((resolve) => {
      begun = resolve;
    });
    http.api.route(
      {
        method: 'GET',
        url: '/never',
        tag: 'x',
        summary: 'x',
        permission: 'public',
        response: z.object({ x: z.int() }),
      },
      () => {
        begun();
        return new Promise<{ x: number }>(() => {});
      },
    );
    const [address = ''] = await http.listen('127.0.0.1', 0);
    const answer = fetch(`${address}/api/v1/never`).then(
      () => 'answered',
      () => 'cut',
    );
    await running;
    await http.close(20);
    expect(await answer).toBe('cut');
  });
});
