import * as net from '@sluice/net'
import * as protocol from '@sluice/protocol'
import { expect, test } from 'vitest'
import * as sluice from '../src/index.ts'

test('re-exports all of protocol and net, and nothing else', () => {
  expect({ ...sluice }).toEqual({ ...protocol, ...net })
})
