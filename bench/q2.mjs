import { channels } from '@querylens/core'
const h = { start() {} }
channels.query.subscribe(h); console.log(channels.query.hasSubscribers, channels.query.start._subscribers?.length)
channels.query.unsubscribe(h); console.log(channels.query.hasSubscribers, channels.query.start._subscribers?.length, channels.query.start.hasSubscribers)
console.log(channels.query.start.unsubscribe.toString(), Object.getPrototypeOf(channels.query.start).unsubscribe.toString())
