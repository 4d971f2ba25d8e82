/** The door of the products' pages. */
export { Labels } from './labels.js';
export { Products } from './list.js';
export { NewProduct } from './new-product.js';
export { ProductPanel } from './panel.js';
export { PriceChange } from './price-change.js';
