/** The door of the stock's pages. */
export { Count } from './count.js';
export { StockLevels } from './levels.js';
export { Move } from './move.js';
export { StockMovements } from './movements.js';
export { StockPanel } from './panel.js';
export { StockReceiptPanel, StockReceipts } from './receipts.js';
export { Receive } from './receive.js';
