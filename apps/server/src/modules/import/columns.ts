/**
 * What the columns of a file mean: suggested from their headings in Spanish, English or Portuguese, or stated by a
 * person. Headings are compared without case, accents and punctuation.
 */
import { type ImportKind, PRODUCT_TARGETS, SALES_TARGETS } from '@mostrador/contract/import';

export interface Target {
  readonly name: string;
  readonly required: boolean;
}

const REQUIRED: Readonly<Record<ImportKind, readonly string[]>> = {
  products: ['name'],
  sales: ['invoice', 'sku', 'quantity', 'at', 'price'],
};

const TARGETS: Readonly<Record<ImportKind, readonly string[]>> = { products: PRODUCT_TARGETS, sales: SALES_TARGETS };

/** Headings by target, best first, already in the form of `headingKey`. */
const SYNONYMS: Readonly<Record<ImportKind, Readonly<Record<string, readonly string[]>>>> = {
  products: {
    barcode: words(
      'barcode, bar code, ean, ean13, ean 13, gtin, upc, code, codigo de barras, codigo de barra, cod barras, codbarras, codigo ean, codigo barras, barras, codigos de barras, product code',
    ),
    sku: words(
      'sku, stockcode, stock code, item code, article, article number, reference, referencia, ref, codigo, codigo interno, codigo de producto, codigo producto, codigo articulo, codigo do produto, codigo produto, cod, clave, id, product id, item',
    ),
    name: words(
      'name, product name, productname, product, title, description, descripcion, nombre, nombre del producto, producto, articulo, detalle, titulo, nome, nome do produto, produto, descricao, item name, denominacion',
    ),
    brand: words('brand, brands, marca, marcas, manufacturer, fabricante, vendor'),
    category: words(
      'category, categories, categoria, categorias, rubro, familia, department, departamento, seccion, linea, grupo, group, product type, type, tipo, secao, product category name',
    ),
    price: words(
      'price, unit price, unitprice, sale price, selling price, retail price, precio, precio de venta, precio venta, precio unitario, pvp, precio final, precio publico, precio con iva, preco, preco de venda, preco venda, valor, importe, variant price',
    ),
    cost: words(
      'cost, unit cost, unitcost, cost price, purchase price, costo, coste, costo unitario, precio de costo, precio costo, precio de compra, custo, preco de custo, preco de compra, cost per item',
    ),
    tax: words(
      'tax, tax rate, vat, vat rate, iva, alicuota, alicuota iva, tasa, tasa iva, tasa de iva, impuesto, impuestos, igv, itbis, imposto, aliquota, icms',
    ),
    stock: words(
      'stock, quantity, qty, on hand, in stock, inventory, existencia, existencias, cantidad, cant, disponible, stock actual, inventario, estoque, quantidade, qtd, saldo, variant inventory qty',
    ),
  },
  sales: {
    invoice: words(
      'invoice, invoice no, invoiceno, invoice number, invoice id, invoicenumber, receipt, receipt no, receipt number, ticket, ticket no, order, order id, order no, order number, transaction, transaction id, sale, sale id, basket id, basketid, bill no, factura, factura no, factura nro, numero de factura, nro factura, no factura, numero factura, comprobante, nro comprobante, numero de comprobante, recibo, boleta, pedido, numero de pedido, venta, id venta, nota, nota fiscal, numero da nota, cupom, venda, id venda',
    ),
    sku: words(
      'stockcode, stock code, sku, item code, product code, product id, productid, article, article number, codigo, codigo de producto, codigo producto, codigo articulo, codigo de articulo, cod producto, cod articulo, cod, referencia, ref, codigo do produto, codigo produto, barcode, ean, codigo de barras, item, product, producto, articulo, produto',
    ),
    name: words(
      'description, name, product name, productname, item name, title, descripcion, descripcion del producto, nombre, nombre del producto, detalle, producto, articulo, descricao, nome, nome do produto, produto, product',
    ),
    quantity: words('quantity, qty, units, pieces, cantidad, cant, unidades, piezas, quantidade, qtd, qtde'),
    at: words(
      'invoice date, invoicedate, date, datetime, date time, timestamp, sold at, order date, created at, transaction date, time, fecha, fecha y hora, fecha hora, fecha de venta, fecha venta, fecha factura, fecha de factura, fecha de emision, dia, data, data hora, data e hora, data da venda, data venda, data da nota',
    ),
    price: words(
      'unit price, unitprice, price, unit cost, item price, selling price, precio, precio unitario, precio unit, precio de venta, precio venta, p unitario, preco, preco unitario, preco de venda, valor unitario, valor',
    ),
    customer: words(
      'customer id, customerid, customer, customer no, customer number, client, client id, cliente, id cliente, codigo cliente, codigo de cliente, nro cliente, numero de cliente, cod cliente, id do cliente, codigo do cliente',
    ),
    country: words('country, pais, customer country'),
  },
};

function words(list: string): readonly string[] {
  return list.split(', ').map(headingKey);
}

/** `Código de barras` → `codigodebarras`. */
export function headingKey(heading: string): string {
  return heading
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/n[º°]/gu, 'nro')
    .replace(/[^\p{L}\p{N}]/gu, '');
}

export function targetsOf(kind: ImportKind): readonly Target[] {
  return TARGETS[kind].map((name) => ({ name, required: REQUIRED[kind].includes(name) }));
}

/** The likely meaning of a file's columns: each heading is used at most once, the surest match first. */
export function suggestColumns(kind: ImportKind, headings: readonly string[]): Record<string, string> {
  const keys = headings.map(headingKey);
  const matches: { target: string; column: number; rank: number }[] = [];
  for (const [target, synonyms] of Object.entries(SYNONYMS[kind])) {
    keys.forEach((key, column) => {
      const exact = synonyms.indexOf(key);
      if (exact !== -1) matches.push({ target, column, rank: exact });
    });
  }
  matches.sort((a, b) => a.rank - b.rank || a.column - b.column);
  const chosen = new Map<string, number>();
  const used = new Set<number>();
  for (const { target, column } of matches) {
    if (chosen.has(target) || used.has(column)) continue;
    chosen.set(target, column);
    used.add(column);
  }
  const result: Record<string, string> = {};
  for (const name of TARGETS[kind]) {
    const column = chosen.get(name);
    if (column !== undefined) result[name] = headings[column] as string;
  }
  return result;
}

/** A defect of a stated mapping, in a sentence for the person who stated it. */
export interface MappingDefect {
  readonly target: string;
  readonly code: 'target_unknown' | 'column_unknown' | 'column_missing';
  readonly message: string;
}

export interface Mapping {
  /** Target → index of its column. */
  readonly indexes: Readonly<Record<string, number>>;
  /** Target → heading. */
  readonly columns: Readonly<Record<string, string>>;
  readonly defects: readonly MappingDefect[];
}

/** Stated columns over suggested ones; what is stated as '' is left out. `stated` undefined: all as suggested. */
export function mapColumns(
  kind: ImportKind,
  headings: readonly string[],
  stated?: Readonly<Record<string, string>>,
): Mapping {
  const defects: MappingDefect[] = [];
  const indexes: Record<string, number> = {};
  const taken = new Set<string>();
  for (const [target, heading] of Object.entries(stated ?? {})) {
    if (!TARGETS[kind].includes(target)) {
      defects.push({ target, code: 'target_unknown', message: `"${target}" is none of ${TARGETS[kind].join(', ')}` });
      continue;
    }
    taken.add(target);
    if (heading === '') continue;
    const index = findHeading(headings, heading);
    if (index === -1) {
      const known = headings.map((h) => `"${h}"`).join(', ');
      defects.push({ target, code: 'column_unknown', message: `There is no column "${heading}"; there are ${known}` });
    } else indexes[target] = index;
  }
  const used = new Set(Object.values(indexes));
  for (const [target, heading] of Object.entries(suggestColumns(kind, headings))) {
    const index = headings.indexOf(heading);
    if (!taken.has(target) && !used.has(index)) indexes[target] = index;
  }
  for (const target of REQUIRED[kind]) {
    if (indexes[target] === undefined && !defects.some((d) => d.target === target)) {
      defects.push({ target, code: 'column_missing', message: `No column was found for "${target}"` });
    }
  }
  const columns = Object.fromEntries(
    TARGETS[kind].flatMap((name) => {
      const index = indexes[name];
      return index === undefined ? [] : [[name, headings[index] as string] as const];
    }),
  );
  return { indexes, columns, defects };
}

function findHeading(headings: readonly string[], wanted: string): number {
  const exact = headings.indexOf(wanted);
  if (exact !== -1) return exact;
  const key = headingKey(wanted);
  return headings.findIndex((heading) => headingKey(heading) === key);
}
