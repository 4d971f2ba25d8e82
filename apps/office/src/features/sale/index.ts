/** The door of the sales' pages. */
export { Sales } from './list.js';
export { SalePanel } from './panel.js';
export { RefundPage } from './refund-page.js';
