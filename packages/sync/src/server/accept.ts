/**
 * Accepting a push: where each event stands against what the lane holds, what of it may go into the journal now, and
 * what the till is told. The journal is written first and the lane after it: a crash between the two repeats events that
 * the journal knows by their ids. Rules: docs/spec/sync.md [SY14]–[SY20].
 */
import type { EventAnswer, LaneHead, PushAnswer, PushRequest } from '@mostrador/contract/sync';
import { chainHash, digestOf, GENESIS } from '../hash.js';
import { type Planned, plan } from './plan.js';
import type { Outcome, Receipt, SaveLane, ServerPorts } from './types.js';

/** How often a push is decided anew because the same lane moved meanwhile. */
const TRIES_MAX = 20;

export async function acceptPush(ports: ServerPorts, request: PushRequest): Promise<PushAnswer> {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const answer = await attempt(ports, request);
    if (answer !== null) return answer;
  }
  throw new Error('the lane kept moving');
}

/** null: somebody else moved the lane. */
async function attempt(ports: ServerPorts, request: PushRequest): Promise<PushAnswer | null> {
  const { storage } = ports;
  const { device_id: device, epoch, lane, from } = request;
  const logId = await storage.logId();
  const head = await storage.head(device, epoch, lane);
  const held = head?.number ?? 0;
  const answer = (more: Partial<PushAnswer>): PushAnswer => ({
    log_id: logId,
    server_time_ms: ports.now(),
    epoch,
    lane,
    held,
    answers: [],
    need: null,
    forked_at: null,
    ...more,
  });
  // [SY25] A till that counts on confirmations of another log first learns what this one holds.
  if (request.log_id !== null && request.log_id !== logId) return answer({});
  const isJump = request.from > held + 1 && request.first_held === request.from;
  if (from > held + 1 && !isJump) return answer({ need: held + 1 });

  const links = chainOf(ports, request);
  const known = await storage.receipts(device, epoch, lane, from, from + links.length - 1);
  const forkedAt = findFork(request, links, known, head, isJump);
  if (forkedAt !== null) {
    await storage.noteFork(device, { epoch, lane, number: forkedAt });
    const before = known.filter((r) => r.number < forkedAt);
    return answer({ answers: before.map(answerOfKnown), forked_at: forkedAt });
  }
  const fresh = links.slice(Math.max(0, held + 1 - from));
  const repeated = known.map(answerOfKnown);
  if (fresh.length === 0) return answer({ answers: repeated });

  const planned = await plan(ports, request, fresh);
  const outcomes = await ports.journal.apply(planned.arrivals);
  const change = changeOf(request, held, fresh, planned, outcomes, isJump);
  if (!(await storage.save(change))) return null;
  const news = change.receipts.filter((r) => r.epoch === epoch && r.lane === lane && r.number > held);
  const answers = [...repeated, ...news.map((r) => answerOfNew(r, planned, outcomes))];
  return answer({ held: change.head.number, answers: answers.sort((a, b) => a.number - b.number) });
}

/** One event of the request, at its place. */
export interface Link {
  readonly number: number;
  readonly hash: string;
  readonly digest: string;
  /** The hash that its content and place give. */
  readonly isIntact: boolean;
  readonly body: string;
  readonly after: PushRequest['events'][number]['after'];
}

function chainOf(ports: ServerPorts, request: PushRequest): Link[] {
  const { device_id: device, epoch, lane } = request;
  let prev = request.prev;
  return request.events.map(({ hash, body, after }, i) => {
    const number = request.from + i;
    const digest = digestOf(ports.hasher, body);
    const at = { epoch, lane, number };
    const isIntact = chainHash(ports.hasher, { prev, device, at, after, digest }) === hash;
    prev = hash;
    return { number, hash, digest, isIntact, body, after };
  });
}

/** [SY27] The first place where another event already stands, or at which the history before is another. */
function findFork(
  request: PushRequest,
  links: readonly Link[],
  known: readonly Receipt[],
  head: LaneHead | null,
  isJump: boolean,
): number | null {
  const held = new Map(known.map((receipt) => [receipt.number, receipt.hash]));
  for (const link of links) {
    const there = held.get(link.number);
    if (there !== undefined && there !== link.hash) return link.number;
  }
  const follows = request.from === (head?.number ?? 0) + 1;
  if (follows && !isJump && request.prev !== (head?.hash ?? GENESIS)) return request.from;
  return null;
}

function changeOf(
  request: PushRequest,
  held: number,
  fresh: readonly Link[],
  planned: Planned,
  outcomes: readonly Outcome[],
  isJump: boolean,
): SaveLane {
  const { device_id: device, epoch, lane } = request;
  const last = fresh.at(-1) as Link;
  const receipts: Receipt[] = [...planned.receipts];
  const quarantined = [...planned.quarantined];
  for (const [i, step] of planned.steps.entries()) {
    const outcome = outcomes[i] as Outcome;
    const isKept = outcome.status === 'quarantined';
    if (isKept) quarantined.push({ ...step.held, reason: outcome.reason });
    receipts.push({
      ...step.receipt,
      status: isKept ? 'quarantined' : 'accepted',
      seq: isKept ? null : outcome.seq,
      reason: isKept ? outcome.reason : null,
      notes: isKept ? [] : outcome.notes,
    });
  }
  return {
    device,
    epoch,
    lane,
    expected: held,
    head: { epoch, lane, number: last.number, hash: last.hash },
    receipts,
    waiting: planned.waiting,
    settled: planned.settled,
    quarantined,
    lost: isJump ? { epoch, lane, from: held + 1, to: request.from - 1 } : null,
  };
}

function answerOfKnown(receipt: Receipt): EventAnswer {
  const { number, seq, reason, notes } = receipt;
  const status = receipt.status === 'quarantined' ? 'quarantined' : 'duplicate';
  return { number, status, seq, reason, notes: [...notes] };
}

function answerOfNew(receipt: Receipt, planned: Planned, outcomes: readonly Outcome[]): EventAnswer {
  const { number, seq, reason, notes } = receipt;
  const step = planned.steps.findIndex((s) => s.receipt.number === number && s.receipt.hash === receipt.hash);
  const isRepeated = planned.repeated.has(number) || outcomes[step]?.status === 'duplicate';
  const status = receipt.status === 'quarantined' ? 'quarantined' : isRepeated ? 'duplicate' : 'accepted';
  return { number, status, seq, reason, notes: [...notes] };
}
