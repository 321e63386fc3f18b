import type { ExploreOptions, Scenario } from '@sluice/testing'
import { chat, CHAT_HOSTS } from './chat.ts'
import { PROXY_HOSTS, proxyChain } from './proxyChain.ts'
import { SCHEDULE_HOSTS, schedules } from './schedules.ts'
import { REQUEST_HOSTS, requests } from './requests.ts'

/** A system that is simulated, and how. */
export interface Simulated {
  readonly name: string
  readonly scenario: Scenario
  readonly options: Omit<ExploreOptions, 'seeds' | 'mode'>
}

const common = { durationMs: 60_000, faults: { everyMs: 6_000, lastsMs: 6_000 } }

const storm = {
  durationMs: 60_000,
  faults: { everyMs: 1_000, lastsMs: 2_000 },
  network: { windowBytes: 2_000, sendBufferBytes: 500, jitterMs: 20 },
}

export const SCENARIOS: readonly Simulated[] = [
  { name: 'the chat room', scenario: chat, options: { ...common, hosts: CHAT_HOSTS } },
  {
    name: 'requests over a connection that comes back',
    scenario: requests,
    options: { ...common, hosts: REQUEST_HOSTS },
  },
  { name: 'a chain of proxies', scenario: proxyChain, options: { ...common, hosts: PROXY_HOSTS } },
  {
    name: 'random schedules of both ends',
    scenario: schedules,
    options: { durationMs: 25_000, faults: { everyMs: 500, lastsMs: 300 }, hosts: SCHEDULE_HOSTS },
  },
  {
    name: 'random schedules through small windows',
    scenario: schedules,
    options: {
      durationMs: 25_000,
      faults: { everyMs: 500, lastsMs: 300 },
      hosts: SCHEDULE_HOSTS,
      network: { windowBytes: 4_000, sendBufferBytes: 1_000 },
    },
  },
  { name: 'a storm over the chat room', scenario: chat, options: { ...storm, hosts: CHAT_HOSTS } },
  { name: 'a storm over requests', scenario: requests, options: { ...storm, hosts: REQUEST_HOSTS } },
  { name: 'a storm over the proxies', scenario: proxyChain, options: { ...storm, hosts: PROXY_HOSTS } },
]
