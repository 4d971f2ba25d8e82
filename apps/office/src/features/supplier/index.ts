/** The door of the suppliers' pages. */
export { Suppliers } from './list.js';
export { NewSupplier, SupplierPanel } from './panel.js';
