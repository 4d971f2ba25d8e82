/** The office in a real browser, on a server that was really started with its demo shop. */
import type { Browser, Page, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, openApi, openDrawer, sellTwo } from './api.js';
import {
  barriers,
  open,
  openBrowser,
  openPage,
  overflow,
  type PageOptions,
  type Started,
  signIn,
  smallTargets,
  startServer,
} from './kit.js';

let server: Started;
let browser: Browser;
let api: Api;

beforeAll(async () => {
  server = await startServer();
  browser = await openBrowser();
  api = await openApi(server.origin);
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

/** In groups, so that each test stays far from its limit on a machine several times slower. */
const SCREENS = {
  counter: ['/', '/sales', '/cash-sessions', '/customers', '/customers/new'],
  products: ['/products', '/products/new', '/price-changes', '/labels', '/categories', '/imports', '/imports/new'],
  stock: [
    '/stock',
    '/stock-movements',
    '/stock-receipts',
    '/stock-receive',
    '/stock-count',
    '/stock-move',
    '/suppliers',
    '/suppliers/new',
  ],
  insight: [
    '/reports/sales',
    '/reports/tax',
    '/reports/best-sellers',
    '/reports/margins',
    '/reports/low-stock',
    '/journal',
    '/operations',
  ],
  shop: ['/people', '/people/new', '/roles', '/settings', '/settings?tab=taxes', '/settings?tab=locations', '/nowhere'],
} as const;

const LOOKS = [
  { language: 'es', width: 1440, scheme: 'light' },
  { language: 'en', width: 390, scheme: 'dark' },
] as const;

/** How long a condition may take: far more than it does, as a slow machine is no fault. */
const SOON = { timeout: 30_000 };

/** Runs with a page that is signed in, and fails when anything broke on it. */
async function within(options: PageOptions, run: (page: Page) => Promise<void>): Promise<void> {
  const { page, faults } = await openPage(browser, options);
  await signIn(page, server.origin);
  await run(page);
  await page.context().close();
  expect(faults).toEqual([]);
}

describe('signing in', () => {
  it('says when the password is wrong, lets in when it is right, and stays after a reload', async () => {
    const { page, faults } = await openPage(browser);
    await page.goto(`${server.origin}/`);
    await page.fill('input[name=email]', 'admin@demo.test');
    await page.fill('input[name=password]', 'not this one');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('no coinciden').waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.fill('input[name=password]', 'mostrador');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Inicio' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Inicio' }).waitFor();
    const kept = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
    expect(kept).not.toMatch(/eyJ/);
    await page.getByRole('button', { name: /Menú de/ }).click();
    await page.getByRole('menuitem', { name: 'Cerrar sesión' }).click();
    await page.locator('input[name=email]').waitFor();
    await page.context().close();
    expect(faults).toEqual([]);
  });

  it('shows a cashier only what the role allows', async () => {
    const { page } = await openPage(browser);
    await signIn(page, server.origin, { email: 'caja@demo.test', password: 'mostrador' });
    const sections = page.getByRole('navigation', { name: 'Secciones' });
    await sections.getByRole('link', { name: 'Ventas' }).waitFor();
    expect(await sections.getByRole('link', { name: 'Personas y roles' }).count()).toBe(0);
    await open(page, server.origin, '/journal');
    await page.getByText('Sin permiso para ver esto').waitFor();
    await page.context().close();
  });
});

describe('the dashboard', () => {
  it('shows figures, what sells, what runs low, and a sale as it happens', async () => {
    await within({}, async (page) => {
      const content = page.locator('#content');
      await content.getByText('Ventas de hoy').waitFor();
      await content.getByText('Más vendidos').waitFor();
      expect(await content.locator('table caption', { hasText: 'Ventas por hora' }).count()).toBe(1);
      expect(await content.getByText(/\$\s\d/).count()).toBeGreaterThan(5);
      const sold = await sellTwo(api, 'yerba');
      await content
        .getByRole('link', { name: new RegExp(`vendió 2 × ${sold.product}`) })
        .first()
        .waitFor();
    });
  });
});

describe('products', () => {
  it('are found while typing, opened, walked and left by keyboard', async () => {
    await within({}, async (page) => {
      await open(page, server.origin, '/products');
      const grid = page.getByRole('grid', { name: 'Productos' });
      await grid.locator('tbody tr').first().waitFor();
      await page.keyboard.press('/');
      await page.keyboard.type('yerba');
      await page.waitForURL(/q=yerba/);
      await expect
        .poll(() => grid.locator('tbody tr').allInnerTexts(), SOON)
        .toSatisfy((rows: string[]) => rows.length > 0 && rows.every((row) => /yerba/i.test(row)));
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await page.waitForURL(/\/products\/prod_\w+\?q=yerba/);
      await page.getByRole('complementary').getByRole('heading', { name: /yerba/i }).waitFor();
      await page.keyboard.press('Escape');
      await page.waitForURL(/\/products\?q=yerba/);
    });
  });

  it('hold drafts, which the interface leaves out of what is for sale', async () => {
    const name = 'Abanico sin precio';
    const body = { name, variants: [{}] };
    await api.ask('/products', { method: 'POST', headers: { 'idempotency-key': crypto.randomUUID() }, body });
    const { data } = await api.ask<{ data: { name: string }[] }>('/products?limit=200');
    expect(data.map((product) => product.name)).not.toContain(name);
    await within({}, async (page) => {
      await open(page, server.origin, '/products');
      await page.getByRole('grid', { name: 'Productos' }).getByText(name).first().waitFor();
    });
  });

  it('take a new price, and give the old one back', async () => {
    await within({}, async (page) => {
      const { data } = await api.ask<{ data: { id: string }[] }>('/products?q=aceite');
      const id = data[0]?.id ?? '';
      const read = async () => {
        const product = await api.ask<{ variants: { price: { amount: number } }[] }>(`/products/${id}`);
        return product.variants[0]?.price.amount;
      };
      const before = await read();
      await open(page, server.origin, `/products/${id}`);
      const panel = page.getByRole('complementary');
      await panel.getByLabel('Precio con impuestos').fill('4.999,50');
      await panel.getByRole('button', { name: 'Cambiar precio' }).click();
      // The notice goes by itself, except under the pointer.
      const undo = page.getByRole('button', { name: 'Deshacer' });
      await undo.hover();
      await expect.poll(read, SOON).toBe(499_950);
      await undo.click();
      await expect.poll(read, SOON).toBe(before);
      await expect
        .poll(() => panel.getByLabel('Precio con impuestos').inputValue(), SOON)
        .toBe(((before ?? 0) / 100).toFixed(2).replace('.', ','));
    });
  });

  it('are reached from the palette by keyboard alone', async () => {
    await within({}, async (page) => {
      await page.keyboard.press('Control+k');
      await page.getByPlaceholder('Producto, comprobante, página o acción').fill('yerba');
      await page.getByRole('dialog').getByRole('button', { name: /yerba/i }).first().waitFor();
      await page.keyboard.press('Enter');
      await page.waitForURL(/\/products\/prod_/);
    });
  });
});

describe('sales', () => {
  it('are refunded in part, and show it with their trace', async () => {
    const sale = await sellTwo(api, 'azúcar');
    await within({}, async (page) => {
      await open(page, server.origin, `/sales/${sale.id}`);
      const panel = page.getByRole('complementary');
      await panel.getByRole('button', { name: 'Devolver' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel(/^Cantidad/).fill('1');
      await dialog.getByLabel('Motivo').fill('Paquete roto');
      await dialog.getByRole('button', { name: /^Devolver \$/ }).click();
      await panel.getByText('Devuelta en parte').waitFor();
      await panel.getByText('Paquete roto').waitFor();
      const after = await api.ask<{ status: string; refunded: { amount: number }; total: { amount: number } }>(
        `/sales/${sale.id}`,
      );
      expect(after.status).toBe('partly_refunded');
      expect(after.refunded.amount * 2).toBe(after.total.amount);
      await panel.getByText(/Existencias · .* → Vendido/).waitFor();
      expect(await barriers(page)).toEqual([]);
    });
  });

  it('give cash back out of the drawer it went into', async () => {
    const drawer = await openDrawer(api, 'Caja de prueba');
    const sale = await sellTwo(api, 'azúcar', drawer);
    await within({}, async (page) => {
      await open(page, server.origin, `/sales/${sale.id}`);
      const panel = page.getByRole('complementary');
      await panel.getByRole('button', { name: 'Devolver' }).click();
      const dialog = page.getByRole('dialog');
      await expect
        .poll(() => dialog.getByRole('combobox', { name: 'Caja de la que sale' }).inputValue(), SOON)
        .toBe('Caja de prueba');
      await dialog.getByRole('button', { name: 'Devolver todo' }).click();
      await dialog.getByLabel('Motivo').fill('Paquete roto');
      await dialog.getByRole('button', { name: /^Devolver \$/ }).click();
      await panel.getByText('Devuelta', { exact: true }).waitFor();
    });
    const after = await api.ask<{ refunds: { cash_session_id: string }[] }>(`/sales/${sale.id}`);
    expect(after.refunds.map((r) => r.cash_session_id)).toEqual([drawer]);
  });
});

describe('stock', () => {
  it('is adjusted once though the answer was lost, and says why there is as much', async () => {
    const { data } = await api.ask<{ data: { variant_id: string; on_hand: number; product_name: string }[] }>(
      '/stock?q=arroz',
    );
    const level = data[0];
    const read = async () =>
      (await api.ask<{ data: { on_hand: number }[] }>(`/stock?variant_id=${level?.variant_id}`)).data[0]?.on_hand;
    await within({}, async (page) => {
      await open(page, server.origin, `/stock/${level?.variant_id}`);
      const panel = page.getByRole('complementary');
      const dialog = page.getByRole('dialog');
      await panel.getByRole('button', { name: 'Ajustar' }).click();
      await dialog.getByLabel('Cuánto').press('Escape');
      await dialog.waitFor({ state: 'detached' });
      // Escape was the dialog's: the panel below is still there.
      await panel.getByRole('button', { name: 'Ajustar' }).click();
      await dialog.getByLabel('Cuánto').fill('3');
      await dialog.getByLabel('Motivo').fill('Aparecieron en el depósito');
      const losesItsAnswer = async (route: Route) => {
        await route.fetch();
        await route.abort();
      };
      await page.route('**/api/v1/stock/adjustments', losesItsAnswer, { times: 1 });
      await dialog.getByRole('button', { name: 'Sumar 3' }).click();
      await page.getByText('Sin conexión con el servidor. Nada se perdió.').waitFor();
      await dialog.getByRole('button', { name: 'Sumar 3' }).click();
      await dialog.waitFor({ state: 'detached' });
      await expect.poll(read, SOON).toBe((level?.on_hand ?? 0) + 3);
      await page.getByRole('complementary').getByText('Aparecieron en el depósito').first().waitFor();
    });
  });
});

describe('imports', () => {
  it('map columns, preview each row, and account for every one', async () => {
    const file = 'código;nombre;precio\n5550000990014;Prueba uno;1.250,50\n5550000990021;Prueba dos;abc\n';
    await within({}, async (page) => {
      await open(page, server.origin, '/imports/new');
      await page.setInputFiles('input[type=file]', {
        name: 'lista.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from(file),
      });
      await page.getByRole('button', { name: 'Subir archivo' }).click();
      await page.getByRole('heading', { name: 'Vista previa' }).waitFor();
      await page.getByText('No es un número').first().waitFor();
      expect(await barriers(page)).toEqual([]);
      await page.getByRole('button', { name: 'Comenzar importación' }).click();
      await page.getByRole('link', { name: 'Ver productos' }).waitFor();
      await page.getByRole('grid', { name: 'Filas con problemas' }).getByText('No es un número').waitFor();
    });
  });
});

describe('every screen', () => {
  const groups = Object.entries(SCREENS);

  it.each(LOOKS.flatMap((look) => groups.map(([group, paths]) => ({ group, ...look, paths }))))(
    'of $group has no serious barrier and never scrolls sideways: $language, $width, $scheme',
    async ({ paths, language, width, scheme }) => {
      await within({ language, width, scheme }, async (page) => {
        for (const path of paths) {
          await open(page, server.origin, path);
          const seen = { path, overflow: await overflow(page), barriers: await barriers(page) };
          expect(seen).toEqual({ path, overflow: 0, barriers: [] });
        }
      });
    },
  );

  it.each(groups)('of %s fits into 390 pixels in Spanish, with room for thumbs', async (_group, paths) => {
    await within({ width: 390 }, async (page) => {
      for (const path of paths) {
        await open(page, server.origin, path);
        const seen = { path, overflow: await overflow(page), small: await smallTargets(page) };
        expect(seen).toEqual({ path, overflow: 0, small: [] });
      }
    });
  });

  it('changes its language at once, and keeps it', async () => {
    await within({}, async (page) => {
      await open(page, server.origin, '/stock');
      await page.getByRole('heading', { level: 1, name: 'Existencias' }).waitFor();
      await page.getByRole('button', { name: /Menú de/ }).click();
      await page.getByText('English').click();
      await page.getByRole('heading', { level: 1, name: 'Stock' }).waitFor();
      expect(await page.evaluate(() => document.documentElement.lang)).toBe('en');
      await page.reload();
      await page.getByRole('heading', { level: 1, name: 'Stock' }).waitFor();
    });
  });

  it('says what is safe and what to do when the server is away', async () => {
    await within({}, async (page) => {
      await page.route('**/api/v1/sales?*', (route) => route.abort());
      await page.getByRole('navigation', { name: 'Secciones' }).getByRole('link', { name: 'Ventas' }).click();
      await page.getByText('Sin conexión con el servidor').waitFor();
      await page.unroute('**/api/v1/sales?*');
      await page.getByRole('button', { name: 'Reintentar' }).click();
      await page.getByRole('grid', { name: 'Ventas' }).waitFor();
    });
  });
});
