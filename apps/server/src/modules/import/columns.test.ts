import { describe, expect, it } from 'vitest';
import { headingKey, mapColumns, suggestColumns } from './columns.js';

describe('columns', () => {
  it.each([
    ['the first publication', 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country'],
    ['the second publication', 'Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country'],
    ['Spanish', 'Nro. Factura,Código,Descripción,Cantidad,Fecha y hora,Precio unitario,Cliente,País'],
    ['Portuguese', 'Nota fiscal,Código do produto,Descrição,Quantidade,Data da venda,Preço unitário,Cliente,País'],
  ])('[IM16] understands the headings of sales in %s', (_, line) => {
    const headings = line.split(',');
    const targets = ['invoice', 'sku', 'name', 'quantity', 'at', 'price', 'customer', 'country'];
    expect(suggestColumns('sales', headings)).toEqual(Object.fromEntries(targets.map((t, i) => [t, headings[i]])));
  });

  it.each([
    ['barcode,product_name,image_url,gtin_valid', { barcode: 'barcode', name: 'product_name' }],
    [
      'Código de barras;Código;Producto;Marca;Rubro;Precio de venta;Costo;IVA;Stock',
      {
        barcode: 'Código de barras',
        sku: 'Código',
        name: 'Producto',
        brand: 'Marca',
        category: 'Rubro',
        price: 'Precio de venta',
        cost: 'Costo',
        tax: 'IVA',
        stock: 'Stock',
      },
    ],
    ['Código;Nome;Preço', { sku: 'Código', name: 'Nome', price: 'Preço' }],
  ])('[IM16] understands the headings of products: %s', (line, expected) => {
    expect(suggestColumns('products', line.split(/[,;]/u))).toEqual(expected);
  });

  it('[IM16] takes what is stated before what it guesses, and uses no column twice', () => {
    const headings = ['BasketID', 'StockCode', 'Product', 'Quantity', 'InvoiceDate', 'Price'];
    const mapping = mapColumns('sales', headings, { invoice: 'basketid', sku: 'Product' });
    expect(mapping.defects).toEqual([]);
    expect(mapping.columns).toEqual({
      invoice: 'BasketID',
      sku: 'Product',
      quantity: 'Quantity',
      at: 'InvoiceDate',
      price: 'Price',
    });
  });

  it('[IM16] leaves out what is stated as empty', () => {
    expect(mapColumns('products', ['name', 'price'], { price: '' }).columns).toEqual({ name: 'name' });
  });

  it('[IM16] names unknown targets, unknown columns and what is missing', () => {
    const { defects } = mapColumns('products', ['a', 'b'], { colour: 'a', price: 'c' });
    expect(defects.map((d) => [d.target, d.code])).toEqual([
      ['colour', 'target_unknown'],
      ['price', 'column_unknown'],
      ['name', 'column_missing'],
    ]);
  });

  it('compares headings without case, accents and punctuation', () => {
    expect(headingKey(' Código de Barras ')).toBe('codigodebarras');
    expect(headingKey('N° Factura')).toBe('nrofactura');
  });
});
