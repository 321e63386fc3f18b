/** Where a fact was read. */
export interface Source {
  readonly title: string
  readonly url: string
}

/** What another library does in the place of one of our framings; every sentence is a fact of its {@link Source}. */
export interface PeerRow {
  /** Our framing that stands in the same place. */
  readonly framing: string
  /** What it is called there; null where it has none. */
  readonly name: string | null
  /** Its options, each with its default: `stripDelimiter = true`. */
  readonly options: ReadonlyArray<string>
  /** The limit, its default, what it counts, and what happens there. */
  readonly limit: string
  /** What a FIN inside a frame is. */
  readonly fin: string
  /** What its encoder refuses. */
  readonly encoder: string
  readonly sources: ReadonlyArray<Source>
}

/** Another library, as it was at one commit. */
export interface Peer {
  readonly library: string
  readonly rows: ReadonlyArray<PeerRow>
}

/** Files of one repository at one commit. */
export const filesOf =
  (repository: string, commit: string, folder: string) =>
  (...names: readonly string[]): ReadonlyArray<Source> =>
    names.map((name) => ({
      title: name.split('/').at(-1) ?? name,
      url: `https://github.com/${repository}/blob/${commit}/${folder}${name}`,
    }))
