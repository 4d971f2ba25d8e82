/** A shop with one of everything, made over the interface; answers all that was answered, for the ids in it. */
import type { Json } from './requests.js';
import type { TestServer, TestShop } from './server.js';

/** Throws when something is refused. Default: the server's first shop, by its admin. */
export async function fillShop(server: TestServer, shop: TestShop = server.shop): Promise<Json[]> {
  const { token } = shop.staff.admin;
  const { currency, taxRates, defaultLocationId } = shop.facts;
  const answers: Json[] = [shop.facts.id, defaultLocationId, ...taxRates.map((rate) => rate.taxRateId)];
  const post = async (url: string, body: object) => {
    const answer = await server.post(url, body, { token });
    if (answer.status >= 300) throw new Error(`POST ${url}: ${answer.status} ${JSON.stringify(answer.body)}`);
    answers.push(answer.body);
    return answer.body;
  };
  const amount = (minor: number) => ({ amount: minor, currency });

  const category = await post('/categories', { name: 'Almacén seco' });
  const products = [];
  for (const [name, barcode] of [
    ['Yerba suave 1 kg', '7790387000016'],
    ['Azúcar 1 kg', '7791234567898'],
    ['Queso por kilo', '2012345012345'],
  ]) {
    const variants = [{ price: amount(2500), cost: amount(1500), barcodes: [barcode] }];
    const unit = name?.startsWith('Queso') ? 'kg' : 'piece';
    products.push(await post('/products', { name, category_id: category.id, sales_unit: unit, variants }));
  }
  const variantIds = products.map((product) => product.variants[0].id);
  const supplier = await post('/suppliers', { name: 'Distribuidora del Sur' });
  const customer = await post('/customers', {
    name: 'Carmen Clienta',
    email: 'carmen@shop.test',
    phone: '+54 11 4444-5555',
  });
  const depot = await post('/locations', { name: 'Depósito' });
  await post('/stock/receipts', {
    location_id: defaultLocationId,
    supplier_id: supplier.id,
    lines: variantIds.map((variant_id) => ({ variant_id, quantity: 1000, unit_cost: amount(1400) })),
  });
  const [variant_id] = variantIds;
  await post('/stock/adjustments', { location_id: defaultLocationId, variant_id, quantity: 2, reason: 'hallado' });
  await post('/stock/moves', {
    from_location_id: defaultLocationId,
    to_location_id: depot.id,
    lines: [{ variant_id, quantity: 5 }],
  });
  await post('/stock/counts', { location_id: depot.id, lines: [{ variant_id, counted: 4 }] });
  const drawer = await post('/cash-sessions', {
    location_id: defaultLocationId,
    name: 'Caja 1',
    float: amount(10_000),
  });
  const sale = await post('/sales/checkout', {
    location_id: defaultLocationId,
    customer_id: customer.id,
    cash_session_id: drawer.id,
    lines: [{ variant_id, quantity: 3 }],
    tenders: [{ type: 'cash', amount: amount(10_000) }],
  });
  await post(`/sales/${sale.id}/refunds`, {
    lines: [{ sale_line: 0, quantity: 1 }],
    reason: 'cambio',
    cash_session_id: drawer.id,
  });
  await post('/roles', { name: 'Repositor', permissions: ['stock.read'] });
  const file = Buffer.from(
    '--limit\r\ncontent-disposition: form-data; name="kind"\r\n\r\nproducts\r\n' +
      '--limit\r\ncontent-disposition: form-data; name="file"; filename="p.csv"\r\n\r\nbarcode,name,price\n7790895000997,Gaseosa,900\n\r\n--limit--\r\n',
  );
  const uploaded = await server.ask('POST', '/imports', {
    token,
    body: file,
    headers: { 'content-type': 'multipart/form-data; boundary=limit' },
  });
  if (uploaded.status !== 202) throw new Error(`POST /imports: ${uploaded.status} ${JSON.stringify(uploaded.body)}`);
  answers.push(uploaded.body);
  return answers;
}
