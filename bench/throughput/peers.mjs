import { pathToFileURL } from 'node:url'
import { benchFolder, effectServer, runtime } from '../internal/extras.mjs'

/**
 * @typedef {object} Peer
 * @property {string} file the server, as a URL's text
 * @property {readonly string[]} framings
 * @property {string} [mode] what the server is told instead of the framing's name
 * @property {string | null} [runtime] what runs it (default: the Node of the run)
 * @property {boolean} [quick]
 * @property {boolean} [spreads] over several cores, so that it is not pinned to one
 * @property {Readonly<Record<string, string>>} [env]
 */

const ALL = ['lines', 'len32', 'bulk']

/** @param {string} name */
const server = (name) => pathToFileURL(`${benchFolder}servers/${name}.mjs`).href

const effect = effectServer()
const bun = runtime('bun')
const node24 = runtime('node24')

/** The peers that can be run here. @type {Readonly<Record<string, Peer>>} */
export const PEERS = {
  'net-optimised': { file: server('net-optimised'), framings: ALL, quick: true },
  sluice: { file: server('sluice'), framings: ALL, quick: true },
  'sluice-bytes': { file: server('sluice'), framings: ['lines'], mode: 'lines-bytes' },
  'net-onread': { file: server('net-onread'), framings: ALL, quick: true },
  'net-naive': { file: server('net-naive'), framings: ALL, quick: true },
  split2: { file: server('split2'), framings: ['lines'] },
  readline: { file: server('readline'), framings: ['lines'] },
  'it-length-prefixed': { file: server('it-length-prefixed'), framings: ['len32'] },
  'sluice-cluster': { file: server('sluice-cluster'), framings: [], spreads: true },
  ...(effect === null || node24 === null
    ? {}
    : {
        effect: {
          file: pathToFileURL(effect).href,
          framings: ALL,
          runtime: node24,
          env: { SLUICE_BENCH: benchFolder },
        },
      }),
  ...(bun === null ? {} : { bun: { file: server('bun'), framings: ALL, runtime: bun } }),
}
