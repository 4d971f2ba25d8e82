/** The rows of each export, read page by page, so that memory stays flat however much there is. */
import type { CustomerPersonal } from '@mostrador/domain/customer';
import { formatMoney } from '@mostrador/domain/money';
import type { SaleCompleted, SaleLine, SaleRefunded } from '@mostrador/domain/sale';
import { formatQuantity } from '@mostrador/domain/unit';
import type { OpenPlatform } from '../compose.js';
import type { TenantSummary } from '../modules/tenant/index.js';

type Cell = string | number | null;

export interface ExportRow {
  readonly row: readonly Cell[];
  /** How far it is, 0 to 1. */
  readonly share: number;
}

export interface Export {
  readonly columns: readonly string[];
  rows(platform: OpenPlatform, tenant: TenantSummary): AsyncGenerator<ExportRow>;
}

export type ExportKind = 'products' | 'sales' | 'stock' | 'customers' | 'journal';

const PAGE = 1000;

export const EXPORTS: Readonly<Record<ExportKind, Export>> = {
  products: {
    columns: [
      'product_id',
      'variant_id',
      'sku',
      'barcode',
      'name',
      'variant',
      'brand',
      'category',
      'price',
      'cost',
      'tax',
      'unit',
      'stock',
      'status',
    ],
    rows: products,
  },
  sales: {
    columns: [
      'kind',
      'seq',
      'at',
      'receipt_number',
      'reference',
      'sale_id',
      'customer_id',
      'line',
      'line_kind',
      'sku',
      'name',
      'quantity',
      'unit_price',
      'total',
      'tax_rate',
      'tax',
      'currency',
    ],
    rows: sales,
  },
  stock: { columns: ['location', 'sku', 'name', 'variant', 'on_hand', 'reserved', 'available'], rows: stock },
  customers: {
    columns: [
      'customer_id',
      'reference',
      'name',
      'email',
      'phone',
      'document',
      'address',
      'note',
      'country',
      'consents',
      'created_at',
    ],
    rows: customers,
  },
  journal: {
    columns: ['seq', 'at', 'recorded_at', 'type', 'subject', 'actor', 'commit_id', 'version', 'payload'],
    rows: journal,
  },
};

const STATUS = ['active', 'draft', 'archived'];

async function* products(platform: OpenPlatform, { tenantId, currency }: TenantSummary): AsyncGenerator<ExportRow> {
  interface Row {
    product_id: string;
    variant_id: string;
    sku: string;
    barcodes: string[] | null;
    name: string;
    variant: string;
    brand: string;
    category: string | null;
    price_minor: number | null;
    cost_minor: number | null;
    rate_bp: number | null;
    sales_unit: string;
    on_hand: number | null;
    status: number;
  }
  const total = await count(platform, tenantId, 'variant');
  let after = '';
  for (let done = 0; ; ) {
    const rows = await platform.database.read<Row>(tenantId, {
      text: `SELECT p.product_id, v.variant_id, v.sku, p.name, v.name AS variant, p.brand, c.name AS category, v.price_minor, v.cost_minor,
  t.rate_bp, p.sales_unit, p.status,
  (SELECT array_agg(b.barcode ORDER BY b.position) FROM barcode b WHERE b.tenant_id = $1 AND b.product_id = v.product_id AND b.variant_id = v.variant_id) AS barcodes,
  (SELECT sum(a.debits_posted - a.credits_posted)::float8 FROM ledger_account a WHERE a.tenant_id = $1 AND a.kind = 'stock' AND a.item = v.variant_id AND a.item <> '') AS on_hand
FROM variant v
JOIN product p ON p.tenant_id = $1 AND p.product_id = v.product_id
LEFT JOIN category c ON c.tenant_id = $1 AND c.category_id = p.category_id
LEFT JOIN tax_rate t ON t.tenant_id = $1 AND t.tax_rate_id = p.tax_rate_id
WHERE v.tenant_id = $1 AND v.variant_id > $2 ORDER BY v.variant_id LIMIT ${PAGE}`,
      values: [tenantId, after],
    });
    for (const r of rows) {
      const money = (minor: number | null): string | null => (minor === null ? null : formatMoney(minor, currency));
      yield {
        share: ++done / total,
        row: [
          r.product_id,
          r.variant_id,
          r.sku,
          (r.barcodes ?? [])[0] ?? '',
          r.name,
          r.variant,
          r.brand,
          r.category ?? '',
          money(r.price_minor),
          money(r.cost_minor),
          r.rate_bp === null ? null : r.rate_bp / 100,
          r.sales_unit,
          r.on_hand === null ? null : formatQuantity(r.on_hand),
          STATUS[r.status] ?? '',
        ],
      };
    }
    if (rows.length < PAGE) return;
    after = rows.at(-1)?.variant_id ?? '';
  }
}

async function* sales(platform: OpenPlatform, { tenantId }: TenantSummary): AsyncGenerator<ExportRow> {
  for await (const { event, share } of events(platform, tenantId, ['sale.completed', 'sale.refunded'])) {
    const at = new Date(event.at).toISOString();
    const isRefund = event.type === 'sale.refunded';
    const sale = event.payload as unknown as SaleCompleted | SaleRefunded;
    const lines: readonly SaleLine[] = isRefund
      ? (sale as SaleRefunded).lines.map(({ line }) => line)
      : (sale as SaleCompleted).lines;
    const sign = isRefund ? -1 : 1;
    const money = (minor: number): string => formatMoney(minor === 0 ? 0 : sign * minor, sale.currency);
    for (const [n, line] of lines.entries()) {
      yield {
        share,
        row: [
          isRefund ? 'refund' : 'sale',
          event.seq,
          at,
          sale.receiptNumber ?? '',
          sale.externalReference ?? '',
          sale.saleId,
          sale.customerId,
          n,
          line.kind,
          line.sku,
          line.name,
          formatQuantity(sign * line.quantityMilli),
          formatMoney(line.unitPriceMinor, sale.currency),
          money(line.totalMinor),
          line.taxRateBp / 100,
          money(line.taxMinor),
          sale.currency,
        ],
      };
    }
  }
}

async function* stock(platform: OpenPlatform, { tenantId }: TenantSummary): AsyncGenerator<ExportRow> {
  interface Row {
    account_id: number;
    location: string | null;
    sku: string;
    name: string;
    variant: string;
    on_hand: number;
    reserved: number;
  }
  const [head] = await platform.database.read<{ last: number }>(tenantId, {
    text: 'SELECT coalesce(max(account_id), 0) AS last FROM ledger_account WHERE tenant_id = $1',
    values: [tenantId],
  });
  const last = head?.last ?? 0;
  let after = 0;
  for (;;) {
    const rows = await platform.database.read<Row>(tenantId, {
      text: `SELECT a.account_id, l.name AS location, v.sku, p.name, v.name AS variant, a.debits_posted - a.credits_posted AS on_hand, a.credits_pending AS reserved
FROM ledger_account a
JOIN variant v ON v.tenant_id = $1 AND v.variant_id = a.item
JOIN product p ON p.tenant_id = $1 AND p.product_id = v.product_id
LEFT JOIN location l ON l.tenant_id = $1 AND l.location_id = a.owner
WHERE a.tenant_id = $1 AND a.kind = 'stock' AND a.account_id > $2 ORDER BY a.account_id LIMIT ${PAGE}`,
      values: [tenantId, after],
    });
    for (const { location, sku, name, variant, on_hand: onHand, reserved, account_id: id } of rows) {
      const cells = [onHand, reserved, onHand - reserved].map(formatQuantity);
      yield { share: id / last, row: [location ?? '', sku, name, variant, ...cells] };
    }
    if (rows.length < PAGE) return;
    after = rows.at(-1)?.account_id ?? 0;
  }
}

async function* customers(platform: OpenPlatform, { tenantId }: TenantSummary): AsyncGenerator<ExportRow> {
  interface Row {
    customer_id: string;
    external_reference: string | null;
    sealed: string | null;
    country: string;
    consents: string[];
    created_at: Date;
  }
  const total = await count(platform, tenantId, 'customer');
  let after = '';
  for (let done = 0; ; ) {
    const rows = await platform.database.read<Row>(tenantId, {
      text: `SELECT customer_id, external_reference, sealed, country, consents, created_at FROM customer
WHERE tenant_id = $1 AND customer_id > $2 AND erased_at IS NULL ORDER BY customer_id LIMIT ${PAGE}`,
      values: [tenantId, after],
    });
    const people = await Promise.all(
      rows.map((r) =>
        r.sealed === null
          ? null
          : platform.keyring.open<CustomerPersonal & Record<string, unknown>>(tenantId, r.customer_id, r.sealed),
      ),
    );
    for (const [i, r] of rows.entries()) {
      const person = people[i];
      done++;
      if (person === null || person === undefined) continue;
      const { name, email, phone, document, address, note } = person;
      yield {
        share: done / total,
        row: [
          r.customer_id,
          r.external_reference,
          name,
          email,
          phone,
          document,
          address,
          note,
          r.country,
          r.consents.join(' '),
          r.created_at.toISOString(),
        ],
      };
    }
    if (rows.length < PAGE) return;
    after = rows.at(-1)?.customer_id ?? '';
  }
}

async function* journal(platform: OpenPlatform, { tenantId }: TenantSummary): AsyncGenerator<ExportRow> {
  for await (const { event, share } of events(platform, tenantId, null)) {
    yield {
      share,
      row: [
        event.seq,
        new Date(event.at).toISOString(),
        new Date(event.recordedAt).toISOString(),
        event.type,
        event.subject,
        event.actor,
        event.commitId,
        event.version,
        JSON.stringify(event.payload),
      ],
    };
  }
}

/** Events of these types, oldest first, up to what is the head now. */
async function* events(platform: OpenPlatform, tenantId: number, types: readonly string[] | null) {
  const head = await platform.journal.head(tenantId);
  for (let after = 0; after < head; ) {
    const page = await platform.journal.eventsAfter(tenantId, after, PAGE);
    for (const event of page) {
      if (event.seq > head) return;
      if (types === null || types.includes(event.type)) yield { event, share: event.seq / head };
    }
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.seq;
  }
}

async function count(platform: OpenPlatform, tenantId: number, table: 'variant' | 'customer'): Promise<number> {
  const rows = await platform.database.read<{ n: number }>(tenantId, {
    text: `SELECT count(*) AS n FROM ${table} WHERE tenant_id = $1`,
    values: [tenantId],
  });
  return rows[0]?.n ?? 0;
}
