export * from '@sluice/protocol'
export * from '@sluice/net'
