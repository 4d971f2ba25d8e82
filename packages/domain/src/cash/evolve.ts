/** Applies one event to a cash session. Total: an event that does not fit the state leaves it as it was. */
import type { CashSessionState } from './state.js';
import type { CashEvent } from './types.js';

/** `null` before the session is opened. */
export function evolve(state: CashSessionState | null, event: CashEvent): CashSessionState | null {
  if (event.type === 'cash.session_opened') {
    if (state !== null) return state;
    return {
      ...event.payload,
      status: 'open',
      inMinor: 0,
      outMinor: 0,
      expectedMinor: null,
      countedMinor: null,
      note: '',
      lateMinor: 0,
    };
  }
  if (state === null) return null;
  switch (event.type) {
    case 'cash.moved': {
      if (state.status === 'closed') return state;
      const { direction, amountMinor } = event.payload;
      return direction === 'in'
        ? { ...state, inMinor: state.inMinor + amountMinor }
        : { ...state, outMinor: state.outMinor + amountMinor };
    }
    case 'cash.session_closed': {
      if (state.status === 'closed') return state;
      const { expectedMinor, countedMinor, note } = event.payload;
      return { ...state, status: 'closed', expectedMinor, countedMinor, note };
    }
    case 'cash.late_settled':
      return { ...state, lateMinor: state.lateMinor + event.payload.amountMinor };
  }
}
