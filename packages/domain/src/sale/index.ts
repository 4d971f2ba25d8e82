export { completeSale, netTenders, saleTransfers, tenderAccount } from './complete.js';
export * from './decide.js';
export * from './evolve.js';
export { refundableOf, refundSale, refundTransfers } from './refund.js';
export * from './state.js';
export * from './types.js';
