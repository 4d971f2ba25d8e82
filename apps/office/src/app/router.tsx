/** All addresses of the back office. Each noun is a chunk of its own, loaded when it is first opened. */
import { createBrowserRouter, type RouteObject } from 'react-router';
import { Frame } from './frame.js';
import { RouteFailure } from './route-failure.js';

type Load = () => Promise<Record<string, unknown>>;

/** Loads the component `name` of a feature when its address is first opened. */
function at(path: string, load: Load, name: string, children?: RouteObject[]): RouteObject {
  return {
    path,
    lazy: async () => ({ Component: (await load())[name] as () => React.ReactNode }),
    ...(children ? { children } : {}),
  };
}

const dashboard = () => import('../features/dashboard/dashboard.js');
const product = () => import('../features/product/index.js');
const category = () => import('../features/product/categories.js');
const imports = () => import('../features/import/index.js');
const stock = () => import('../features/stock/index.js');
const sale = () => import('../features/sale/index.js');
const cash = () => import('../features/cash/index.js');
const customer = () => import('../features/customer/index.js');
const supplier = () => import('../features/supplier/index.js');
const report = () => import('../features/report/index.js');
const journal = () => import('../features/journal/index.js');
const operations = () => import('../features/operations/index.js');
const identity = () => import('../features/identity/index.js');
const settings = () => import('../features/tenant/index.js');

export const router = createBrowserRouter(
  [
    {
      path: '/',
      Component: Frame,
      errorElement: <RouteFailure />,
      HydrateFallback: () => null,
      children: [
        {
          errorElement: <RouteFailure inside />,
          children: [
            { index: true, lazy: async () => ({ Component: (await dashboard()).Dashboard }) },
            at('products', product, 'Products', [
              at('new', product, 'NewProduct'),
              at(':productId', product, 'ProductPanel'),
            ]),
            at('price-changes', product, 'PriceChange'),
            at('labels', product, 'Labels'),
            at('categories', category, 'Categories'),
            at('imports', imports, 'Imports'),
            at('imports/new', imports, 'NewImport'),
            at('imports/:importId', imports, 'ImportPage'),
            at('stock', stock, 'StockLevels', [at(':variantId', stock, 'StockPanel')]),
            at('stock-movements', stock, 'StockMovements'),
            at('stock-receipts', stock, 'StockReceipts', [at(':receiptId', stock, 'StockReceiptPanel')]),
            at('stock-receive', stock, 'Receive'),
            at('stock-count', stock, 'Count'),
            at('stock-move', stock, 'Move'),
            at('sales', sale, 'Sales', [at(':saleId', sale, 'SalePanel')]),
            at('refunds/:refundId', sale, 'RefundPage'),
            at('cash-sessions', cash, 'CashSessions', [at(':cashSessionId', cash, 'CashSessionPanel')]),
            at('customers', customer, 'Customers', [
              at('new', customer, 'NewCustomer'),
              at(':customerId', customer, 'CustomerPanel'),
            ]),
            at('suppliers', supplier, 'Suppliers', [
              at('new', supplier, 'NewSupplier'),
              at(':supplierId', supplier, 'SupplierPanel'),
            ]),
            at('reports/:report?', report, 'Reports'),
            at('journal', journal, 'Journal', [at(':seq', journal, 'JournalPanel')]),
            at('operations', operations, 'Operations'),
            at('people', identity, 'People', [
              at('new', identity, 'NewPerson'),
              at(':userId', identity, 'PersonPanel'),
            ]),
            at('roles', identity, 'Roles'),
            at('settings', settings, 'Settings'),
            at('*', () => import('./not-found.js'), 'NotFound'),
          ],
        },
      ],
    },
  ],
  { basename: '/office' },
);
