import * as net from 'node:net'

/**
 * Everything the documentation of `node:net` lists (that of Node 26.8, read in 2026, which marks what is newer than
 * Node 20), in its order, by the heading of docs/net.md that has its table.
 */
export const DOCUMENTED: Readonly<Record<string, readonly string[]>> = {
  'Functions of the module': [
    'net.connect(options)',
    'net.connect(path)',
    'net.connect(port, host)',
    'net.createConnection(options)',
    'net.createConnection(path)',
    'net.createConnection(port, host)',
    'net.createServer(options, listener)',
    'net.getDefaultAutoSelectFamily()',
    'net.setDefaultAutoSelectFamily(value)',
    'net.getDefaultAutoSelectFamilyAttemptTimeout()',
    'net.setDefaultAutoSelectFamilyAttemptTimeout(value)',
    'net.isIP(input)',
    'net.isIPv4(input)',
    'net.isIPv6(input)',
    'net.Stream',
  ],
  'net.BlockList': [
    'new net.BlockList()',
    'blockList.addAddress(address)',
    'blockList.addAddresses(addresses)',
    'blockList.addCIDR(cidr)',
    'blockList.addCIDRs(cidrs)',
    'blockList.addRange(start, end)',
    'blockList.addSubnet(net, prefix)',
    'blockList.check(address)',
    'blockList.clear()',
    'blockList.fromJSON(value)',
    'BlockList.isBlockList(value)',
    'BlockList.PRIVATE_RANGES',
    'blockList.removeAddress(address)',
    'blockList.removeCIDR(cidr)',
    'blockList.removeRange(start, end)',
    'blockList.removeSubnet(net, prefix)',
    'blockList.rules',
    'blockList.size',
    'blockList.toJSON()',
  ],
  'net.SocketAddress': [
    'new net.SocketAddress(options)',
    'socketAddress.address',
    'socketAddress.family',
    'socketAddress.flowlabel',
    'socketAddress.port',
    'SocketAddress.parse(input)',
    'SocketAddress.isSocketAddress(value)',
    'socketAddress.toJSON()',
  ],
  'net.BoundSocket': [
    'new net.BoundSocket(options)',
    'boundSocket.address()',
    'boundSocket.isPipe',
    'boundSocket.fd()',
    'boundSocket.close()',
    'boundSocket[Symbol.dispose]()',
  ],
  'Options of createServer': [
    'allowHalfOpen',
    'highWaterMark',
    'keepAlive',
    'keepAliveInitialDelay',
    'noDelay',
    'pauseOnConnect',
    'blockList',
  ],
  'Options of server.listen': [
    'backlog',
    'exclusive',
    'handle',
    'fd',
    'host',
    'ipv6Only',
    'reusePort',
    'path',
    'port',
    'readableAll',
    'signal',
    'writableAll',
  ],
  'Events of net.Server': ["'close'", "'connection'", "'error'", "'listening'", "'drop'"],
  'Methods and properties of net.Server': [
    'new net.Server(options, listener)',
    'server.address()',
    'server.close(callback)',
    'server[Symbol.asyncDispose]()',
    'server.getConnections(callback)',
    'server.listen(handle)',
    'server.listen(options)',
    'server.listen(path)',
    'server.listen(port, host)',
    'server.listening',
    'server.maxConnections',
    'server.dropMaxConnection',
    'server.ref()',
    'server.unref()',
  ],
  'Options of new net.Socket': [
    'allowHalfOpen',
    'blockList',
    'fd',
    'handle',
    'keepAlive',
    'keepAliveInitialDelay',
    'noDelay',
    'onread',
    'readable',
    'signal',
    'typeOfService',
    'writable',
  ],
  'Options of socket.connect': [
    'autoSelectFamily',
    'autoSelectFamilyAttemptTimeout',
    'family',
    'hints',
    'host',
    'localAddress',
    'localPort',
    'lookup',
    'port',
    'path',
    'timeout',
  ],
  'Events of net.Socket': [
    "'close'",
    "'connect'",
    "'connectionAttempt'",
    "'connectionAttemptFailed'",
    "'connectionAttemptTimeout'",
    "'data'",
    "'drain'",
    "'end'",
    "'error'",
    "'lookup'",
    "'ready'",
    "'timeout'",
  ],
  'Methods and properties of net.Socket': [
    'new net.Socket(options)',
    'socket.address()',
    'socket.autoSelectFamilyAttemptedAddresses',
    'socket.bufferSize',
    'socket.bytesRead',
    'socket.bytesWritten',
    'socket.connect(options)',
    'socket.connect(path)',
    'socket.connect(port, host)',
    'socket.connecting',
    'socket.destroy(error)',
    'socket.destroyed',
    'socket.destroySoon()',
    'socket.end(data)',
    'socket.localAddress',
    'socket.localPort',
    'socket.localFamily',
    'socket.pause()',
    'socket.pending',
    'socket.read(size)',
    'socket.ref()',
    'socket.remoteAddress',
    'socket.remoteFamily',
    'socket.remotePort',
    'socket.server',
    'socket.resetAndDestroy()',
    'socket.resume()',
    'socket.setEncoding(encoding)',
    'socket.setKeepAlive(options)',
    'socket.setKeepAlive(enable, initialDelay, interval, count)',
    'socket.setNoDelay(noDelay)',
    'socket.setTimeout(timeout)',
    'socket.getTypeOfService()',
    'socket.setTypeOfService(tos)',
    'socket.timeout',
    'socket.unref()',
    'socket.write(data)',
    'socket.readyState',
    'transfer to a worker thread',
  ],
}

/** `server.listen(path)` as `server.listen`: what reflection can see of it. */
export const nameOf = (member: string): string => member.replace(/^new /, '').replace(/\(.*\)$/, '')

const isPublic = (name: string): boolean => !/^(?:_.*|constructor|length|name|prototype)$/.test(name)

/** The public members of an object, those of {@link Symbol} written as code. */
const membersOf = (owner: object, prefix: string): string[] =>
  Reflect.ownKeys(owner)
    // of symbols only the language's own are meant for users
    .map((key) => (typeof key === 'symbol' ? `[${key.description ?? ''}]` : key))
    .filter((name) => (name.startsWith('[') ? name.startsWith('[Symbol.') : isPublic(name)))
    .map((name) => (name.startsWith('[') ? `${prefix}${name}` : `${prefix}.${name}`))

/** Every public member of `node:net` on the Node that runs this, by reflection. */
export const reflected = (): string[] =>
  Object.entries(net).flatMap(([name, value]: [string, unknown]) => {
    if (!isPublic(name) || name === 'default') return []
    if (typeof value !== 'function' || !/^[A-Z]/.test(name) || name === 'Stream') return [`net.${name}`]
    const prototype: unknown = value.prototype
    const instance = `${name.charAt(0).toLowerCase()}${name.slice(1)}`
    const members = typeof prototype === 'object' && prototype !== null ? membersOf(prototype, instance) : []
    return [`net.${name}`, ...membersOf(value, name), ...members]
  })
