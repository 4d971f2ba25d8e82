import { describe, expect, it } from 'vitest';
import { LOOSE, usualSource } from './refund-source.js';

describe('the drawer a refund is paid from', () => {
  const drawers = [{ id: 'cse_b' }, { id: 'cse_a' }];
  it('is the sale\u2019s own while that is open', () => {
    expect(usualSource({ cash_session_id: 'cse_a' }, drawers)).toBe('cse_a');
  });
  it('is another open one of the location once its own is closed', () => {
    expect(usualSource({ cash_session_id: 'cse_old' }, drawers)).toBe('cse_b');
  });
  it('is none when none is open, or when the sale went into none', () => {
    expect(usualSource({ cash_session_id: 'cse_old' }, [])).toBe(LOOSE);
    expect(usualSource({ cash_session_id: null }, drawers)).toBe(LOOSE);
  });
});
