import { channel, tracingChannel, type Channel } from 'node:diagnostics_channel'

import type { Finding } from './finding.js'
import { faultChannel, type Fault } from './faults.js'
import { guardChannel } from './guarded-channel.js'
import type { ConnectionUse } from './connection-use.js'
import type { QueryExecution } from './query-execution.js'
import type { TransactionExecution } from './transaction-execution.js'
import type { ScopeOpening, ScopeSummary } from './scope.js'

/** Handlers of an {@link ExecutionChannel}; any of them may be missing. */
export interface ExecutionHandlers<Message> {
  /** Before the driver gets the operation, on the caller's stack. */
  start?(message: Message): void
  /** When the driver's call has returned its promise, still on the caller's stack. */
  end?(message: Message): void
  /** The operation failed: `message.error` is set. Before `asyncStart`. */
  error?(message: Message): void
  /** The operation is over: `message` is complete. */
  asyncStart?(message: Message): void
  /** Right after `asyncStart`. Subscribers read the figures here. */
  asyncEnd?(message: Message): void
}

/**
 * A tracing channel of `node:diagnostics_channel` for operations that take time.
 *
 * One message object accompanies an operation through all five events. The channels differ from Node's in two points:
 * an error that a subscriber throws reaches no other code ({@link guardChannel}), and `message.result` is never set, so
 * that no row can reach a subscriber.
 *
 * @see https://nodejs.org/api/diagnostics_channel.html#class-tracingchannel
 */
export interface ExecutionChannel<Message extends object> {
  readonly start: Channel<unknown, Message>
  readonly end: Channel<unknown, Message>
  readonly asyncStart: Channel<unknown, Message>
  readonly asyncEnd: Channel<unknown, Message>
  readonly error: Channel<unknown, Message>
  /** Whether any of the five events has a subscriber. */
  readonly hasSubscribers: boolean
  subscribe(handlers: ExecutionHandlers<Message>): void
  unsubscribe(handlers: ExecutionHandlers<Message>): void
}

/** A channel of `node:diagnostics_channel` with typed messages. */
export interface MessageChannel<Message> {
  readonly name: string | symbol
  readonly hasSubscribers: boolean
  publish(message: Message): void
  subscribe(listener: (message: Message) => void): void
  /** Returns whether it was subscribed. */
  unsubscribe(listener: (message: Message) => void): boolean
}

/**
 * The channels on which adapters such as the Kysely plugin publish. All messages are read-only for subscribers.
 *
 * The names are stable: an APM can subscribe by name without importing this package.
 */
export interface QuerylensChannels {
  /** `querylens:query`: one message for each statement that reaches the driver. */
  readonly query: ExecutionChannel<QueryExecution>
  /** `querylens:transaction`: from begin to commit or rollback. */
  readonly transaction: ExecutionChannel<TransactionExecution>
  /** `querylens:connection`: how long the pool kept a caller waiting. */
  readonly connection: ExecutionChannel<ConnectionUse>
  /** `querylens:connection:release`: how long the caller kept the connection. */
  readonly release: MessageChannel<ConnectionUse>
  /** `querylens:finding`: a finding with its final figures, once, when its scope ends. */
  readonly finding: MessageChannel<Finding>
  /** `querylens:finding:opened`: a finding with the figures so far, in the call that reaches the limit. */
  readonly findingOpened: MessageChannel<Finding>
  /** `querylens:scope:start`: `runInScope` is about to run its work. */
  readonly scopeStart: MessageChannel<ScopeOpening>
  /** `querylens:scope`: a scope has ended. */
  readonly scope: MessageChannel<ScopeSummary>
  /** `querylens:fault`: an error inside Querylens, or in a subscriber. */
  readonly fault: MessageChannel<Fault>
}

/** @see QuerylensChannels */
export const channels: QuerylensChannels = {
  query: executionChannel('querylens:query'),
  transaction: executionChannel('querylens:transaction'),
  connection: executionChannel('querylens:connection'),
  release: messageChannel(channel('querylens:connection:release')),
  finding: messageChannel(channel('querylens:finding')),
  findingOpened: messageChannel(channel('querylens:finding:opened')),
  scopeStart: messageChannel(channel('querylens:scope:start')),
  scope: messageChannel(channel('querylens:scope')),
  fault: messageChannel(faultChannel),
}

/** Node's types have listeners that take anything. */
function messageChannel<Message>(of: Channel): MessageChannel<Message> {
  return guardChannel(of) as unknown as MessageChannel<Message>
}

function executionChannel<Message extends object>(name: string): ExecutionChannel<Message> {
  const tracing = tracingChannel<unknown, Message>(name)
  for (const event of ['start', 'end', 'asyncStart', 'asyncEnd', 'error'] as const) {
    guardChannel(tracing[event] as Channel)
  }
  // Node's types ask for all five handlers and lack `hasSubscribers`; its code does neither.
  return tracing as unknown as ExecutionChannel<Message>
}
