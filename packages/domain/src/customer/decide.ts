/** The rules of customers: created once, changed until erased, and erased for good. */
import type { DecidedEvent, Decision } from '../decision.js';
import type { CustomerCommand, CustomerRejection, CustomerState } from './state.js';
import type { CustomerEvent } from './types.js';

type CustomerDecision = Decision<CustomerRejection>;

/** `null`: no such customer. A command that would change nothing succeeds without an event. */
export function decideCustomer(state: CustomerState | null, command: CustomerCommand): CustomerDecision {
  if (command.type === 'create') return state === null ? create(command) : refuse({ code: 'customer_exists' });
  if (state === null) return refuse({ code: 'customer_not_found' });
  if (command.type === 'erase') {
    if (state.personal === null) return { ok: true, events: [], transfers: [] };
    return happened({ type: 'customer.erased', payload: { customerId: state.customerId } });
  }
  return change(state, command);
}

function create(command: CustomerCommand & { type: 'create' }): CustomerDecision {
  const { customerId, personal, country, consents, externalReference } = command;
  return happened({
    type: 'customer.created',
    payload: {
      customerId,
      sealed: personal.sealed,
      tokens: personal.tokens,
      country,
      consents: inOrder(consents),
      ...(externalReference === undefined ? {} : { externalReference }),
    },
  });
}

function change(state: CustomerState, command: CustomerCommand & { type: 'change' }): CustomerDecision {
  if (state.personal === null) return refuse({ code: 'customer_erased' });
  const consents = inOrder(command.consents ?? state.consents);
  const country = command.country ?? state.country;
  const isSame =
    command.personal === undefined && country === state.country && consents.join() === inOrder(state.consents).join();
  if (isSame) return { ok: true, events: [], transfers: [] };
  const { sealed, tokens } = command.personal ?? state.personal;
  return happened({
    type: 'customer.changed',
    payload: { customerId: state.customerId, sealed, tokens, country, consents },
  });
}

function inOrder(consents: readonly string[]): string[] {
  return [...new Set(consents)].sort();
}

function refuse(rejection: CustomerRejection): CustomerDecision {
  return { ok: false, rejection };
}

function happened(event: CustomerEvent): CustomerDecision {
  const decided: DecidedEvent = { type: event.type, subject: event.payload.customerId, payload: event.payload };
  return { ok: true, events: [decided], transfers: [] };
}
