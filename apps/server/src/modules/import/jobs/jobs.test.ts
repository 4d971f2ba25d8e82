/** Imports over REST, from the upload to the end, with everything that goes wrong on the way [IM22]. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../../../../test/server.js';
import { ImportRunner } from './runner.js';

let server: TestServer;
let runner: ImportRunner;
beforeAll(async () => {
  server = await startTestServer();
  runner = new ImportRunner(server.app.platform);
});
afterAll(() => server.close());

function multipart(parts: { kind?: string; file?: string | Buffer; name?: string }) {
  const boundary = 'x-boundary';
  const pieces: Buffer[] = [];
  if (parts.kind !== undefined) {
    pieces.push(Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="kind"\r\n\r\n${parts.kind}\r\n`));
  }
  if (parts.file !== undefined) {
    const name = parts.name ?? 'file.csv';
    pieces.push(
      Buffer.from(
        `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: application/octet-stream\r\n\r\n`,
      ),
      Buffer.from(parts.file),
      Buffer.from('\r\n'),
    );
  }
  pieces.push(Buffer.from(`--${boundary}--\r\n`));
  return { body: Buffer.concat(pieces), headers: { 'content-type': `multipart/form-data; boundary=${boundary}` } };
}

type Role = keyof TestServer['shop']['staff'];
const upload = (parts: Parameters<typeof multipart>[0], role: Role = 'admin') =>
  server.ask('POST', '/imports', { token: server.shop.staff[role].token, ...multipart(parts) });

/** Waits for the job's end; the server's own runner or this one gets to it. */
async function ended(id: string) {
  for (let turn = 0; turn < 200; turn++) {
    runner.wake();
    await runner.idle();
    const { body } = await server.get(`/imports/${id}`);
    if (body.state !== 'running') return body;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error('the import does not end');
}

const PRODUCTS = [
  'Código de barras;Descripción;Marca;Rubro;Precio;Costo;IVA;Stock',
  '7790001000019;"Yerba &amp; mate 1 kg";Tres Lomas;Almacén;4.890,50;3.600;21;12',
  '2000001000014;Queso por peso;;Frescos;8.900,00;;21;3,5',
  '123;Sin GTIN;;;100,00;;;',
  '7790001000019;Yerba mate 1 kg suave;;;5.000,00;;;20',
  ';;;;1,00;;;',
  '7790001000026;Mal precio;;;x;;;',
  '7790001000033;Mal IVA;;;1,00;;19;',
].join('\r\n');

describe('a file of products', () => {
  it('[IM16] [IM19] is uploaded, mapped, previewed, started, and every row of it accounted for', async () => {
    const uploaded = await upload({ kind: 'products', file: PRODUCTS, name: 'C:\\lista.csv' });
    expect(uploaded.status).toBe(202);
    expect(uploaded.body).toMatchObject({
      kind: 'products',
      state: 'uploaded',
      format: 'csv',
      suggested_columns: { barcode: 'Código de barras', name: 'Descripción', price: 'Precio', stock: 'Stock' },
    });
    const url = `/imports/${uploaded.body.id}`;
    const preview = await server.post(`${url}/preview`, {});
    expect(preview.status).toBe(200);
    expect(preview.body.missing).toEqual([]);
    expect(preview.body.rows.map((r: { row: number }) => r.row)).toEqual([2, 3, 4, 5, 6, 7, 8]);
    expect(preview.body.rows[0]).toMatchObject({
      values: { name: 'Yerba & mate 1 kg', price: '4890.50', stock: '12' },
      marks: [],
    });
    expect(preview.body.rows.map((r: { marks: string[] }) => r.marks)).toMatchObject([
      [],
      ['in_store'],
      ['bad_gtin'],
      [],
      [],
      [],
      [],
    ]);
    expect(preview.body.rows[5].errors).toMatchObject([{ field: 'price', code: 'not_a_number', value: 'x' }]);

    const started = await server.post(`${url}/start`, {});
    expect(started.status).toBe(202);
    const job = await ended(uploaded.body.id);
    expect(job).toMatchObject({ state: 'done', total: 7, done: 7, created: 3, updated: 1, rejected: 3 });
    expect(job.result).toMatchObject({ rows: 7, created: 3, updated: 1, rejected: 3, bad_gtin: 1, in_store: 1 });
    const errors = await server.get(`${url}/errors?limit=2`);
    expect(errors.body.data.map((e: { row: number; code: string }) => [e.row, e.code])).toEqual([
      [6, 'missing'],
      [7, 'not_a_number'],
    ]);
    const rest = await server.get(`${url}/errors?limit=2&cursor=${errors.body.page.next_cursor}`);
    expect(rest.body.data).toMatchObject([{ row: 8, field: 'tax', code: 'tax_unknown', value: '19' }]);

    const scanned = await server.get('/products/scan/7790001000019');
    expect(scanned.body).toMatchObject({
      name: 'Yerba mate 1 kg suave',
      brand: 'Tres Lomas',
      category_name: 'Almacén',
    });
    expect(scanned.body.variants[0]).toMatchObject({
      sku: '7790001000019',
      price: { amount: 500000 },
      cost: { amount: 360000 },
      on_hand: 20,
    });
  });

  it('[IM21] imported again it changes nothing; other stock is an adjustment', async () => {
    const again = await upload({ kind: 'products', file: PRODUCTS });
    await server.post(`/imports/${again.body.id}/start`, {});
    expect(await ended(again.body.id)).toMatchObject({ created: 0, updated: 4, rejected: 3 });
    const less = await upload({
      kind: 'products',
      file: 'barcode,name,stock\n7790001000019,Yerba mate 1 kg suave,5\n',
    });
    await server.post(`/imports/${less.body.id}/start`, {});
    await ended(less.body.id);
    const scanned = await server.get('/products/scan/7790001000019');
    expect(scanned.body.variants[0].on_hand).toBe(5);
    const moves = await server.get(`/stock/movements?variant_id=${scanned.body.variants[0].id}`);
    expect(moves.body.data.map((m: { cause: string }) => m.cause)).toContain('adjustment');
  });
});

describe('a file of sales', () => {
  it('[IM22] runs in the background and ends with its figures', async () => {
    const file =
      'Factura,Código,Descripción,Cantidad,Fecha,Precio\n1,P1,Uno,2,2024-05-01 10:00,"1,50"\n2,P1,Uno,1,2024-05-02 10:00,"1,50"\n';
    const uploaded = await upload({ kind: 'sales', file });
    await server.post(`/imports/${uploaded.body.id}/start`, {});
    const job = await ended(uploaded.body.id);
    expect(job).toMatchObject({ state: 'done', total: 2, result: { lines: 2, invoices: 2, sales: 2, gross: '4.50' } });
    const sales = await server.get('/sales?q=2');
    expect(sales.body.data[0]).toMatchObject({ external_reference: '2', total: { amount: 150 }, channel: 'import' });
  });

  it('[IM22] that was left running by a process that died is gone on with, and doubles nothing', async () => {
    const lines = Array.from({ length: 50 }, (_, i) => `L${i},P2,Dos,1,2024-06-01 10:00,2.00`);
    const file = `invoice,sku,name,quantity,date,price\n${lines.join('\n')}\n`;
    const first = await upload({ kind: 'sales', file });
    await server.post(`/imports/${first.body.id}/start`, {});
    await ended(first.body.id);
    // As it stands when the process dies after its last commit and before it could say so.
    const second = await upload({ kind: 'sales', file });
    const { database } = server.app.platform;
    const { tenantId } = server.shop.facts;
    await database.transaction(tenantId, (tx) =>
      tx.query(
        `UPDATE import_job SET state = 'running', started_at = now(), columns = '{}' WHERE tenant_id = $1 AND import_id = $2`,
        [tenantId, second.body.id],
      ),
    );
    expect(await ended(second.body.id)).toMatchObject({
      state: 'done',
      result: { sales: 50, written: { invoices: 0 } },
    });
  });
});

describe('what is refused', () => {
  it('a file that is no table, a kind that is none, no file', async () => {
    const cases = [
      [await upload({ kind: 'products', file: '' }), 422, 'file_unreadable'],
      [await upload({ kind: 'products', file: Buffer.from([1, 0, 2, 0]) }), 422, 'file_unreadable'],
      [await upload({ kind: 'products', file: 'name,price\n' }), 422, 'file_unreadable'],
      [await upload({ kind: 'people', file: 'name\nx\n' }), 422, 'validation_failed'],
      [await upload({ file: 'name\nx\n' }), 422, 'validation_failed'],
      [await upload({ kind: 'products' }), 422, 'validation_failed'],
    ] as const;
    for (const [answer, status, code] of cases) expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('columns that are not there, targets that are none, a start without what is required', async () => {
    const { body } = await upload({ kind: 'sales', file: 'a,b\n1,2\n' });
    expect(body.suggested_columns).toEqual({});
    const preview = await server.post(`/imports/${body.id}/preview`, {});
    expect(preview.body.missing).toEqual(['invoice', 'sku', 'quantity', 'at', 'price']);
    const wrong = await server.post(`/imports/${body.id}/preview`, { columns: { colour: 'a', sku: 'c' } });
    expect(wrong.body.errors.map((e: { path: string }) => e.path)).toEqual(['columns.colour', 'columns.sku']);
    const start = await server.post(`/imports/${body.id}/start`, { columns: { sku: 'a' } });
    expect([start.status, start.body.errors.length]).toEqual([422, 4]);
  });

  it('starting twice, cancelling what has ended; a cancelled one never runs', async () => {
    const { body } = await upload({ kind: 'products', file: 'name\nCancelled\n' });
    const url = `/imports/${body.id}`;
    expect((await server.post(`${url}/cancel`)).body.state).toBe('cancelled');
    expect((await server.post(`${url}/cancel`)).status).toBe(200);
    const started = await server.post(`${url}/start`, {});
    expect([started.status, started.body.code, started.body.state]).toEqual([409, 'import_state', 'cancelled']);
    const done = await upload({ kind: 'products', file: 'name\nDone\n' });
    await server.post(`/imports/${done.body.id}/start`, {});
    await ended(done.body.id);
    expect((await server.post(`/imports/${done.body.id}/cancel`)).status).toBe(409);
  });

  it('people who may not write what it writes, and other shops', async () => {
    const file = { kind: 'sales', file: 'invoice,sku,quantity,date,price\n1,a,1,2024-01-01,1\n' };
    expect((await upload(file, 'cashier')).status).toBe(403);
    const { body } = await upload(file);
    const token = server.other.staff.admin.token;
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/errors'],
      ['POST', '/preview'],
      ['POST', '/start'],
      ['POST', '/cancel'],
    ] as const) {
      const answer = await server.ask(method, `/imports/${body.id}${path}`, {
        token,
        ...(method === 'POST' ? { body: {} } : {}),
      });
      expect([path, answer.status]).toEqual([path, 404]);
    }
    expect((await server.get('/imports', { token })).body.data).toEqual([]);
  });
});
