export { activeHandles as handlesOf } from '@sluice/testing'
