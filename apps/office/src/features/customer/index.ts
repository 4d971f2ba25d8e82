/** The door of the customers' pages. */
export { Customers } from './list.js';
export { CustomerPanel, NewCustomer } from './panel.js';
