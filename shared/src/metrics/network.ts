import { bitRate, byteCounter, byteRate, count, flag, group, list, oneOf, rate } from '../field.ts';
import { metric } from '../metric.ts';

/** Source: /proc/net/dev, /sys/class/net (Documentation/ABI/testing/sysfs-class-net), /proc/net/snmp. */
export const network = metric({
  title: 'Network',
  pace: 'base',
  subSecond: true,
  fields: {
    rxBytesPerSecond: byteRate('Received', 'Sum over the interfaces that totalOf names'),
    txBytesPerSecond: byteRate('Sent', 'Sum over the interfaces that totalOf names'),
    totalOf: oneOf(
      ['physical', 'all'],
      'Total of',
      'physical: over physical interfaces; all: this machine has none, so over all but loopback',
    ),
    interfaces: list('Interfaces', 'Every interface the kernel has', {
      kind: oneOf(
        ['physical', 'virtual', 'loopback'],
        'Kind',
        'virtual: below /sys/devices/virtual/net (bridge, veth, bond, VLAN, tunnel)',
      ),
      up: flag('Up', 'operstate is up, or unknown with the interface switched on'),
      speedBitsPerSecond: bitRate('Link speed', 'As the driver says; null where it has none (Wi-Fi, virtual, down)'),
      rxBytesPerSecond: byteRate('Received', 'Bytes in per second'),
      txBytesPerSecond: byteRate('Sent', 'Bytes out per second'),
      rxPacketsPerSecond: rate('Packets in', 'Packets in per second'),
      txPacketsPerSecond: rate('Packets out', 'Packets out per second'),
      rxErrorsPerSecond: rate('Errors in', 'Bad packets in per second'),
      txErrorsPerSecond: rate('Errors out', 'Transmit problems per second'),
      rxDropsPerSecond: rate('Drops in', 'Packets in dropped per second'),
      txDropsPerSecond: rate('Drops out', 'Packets out dropped per second'),
      rxBytes: byteCounter('Received in all', 'The kernel’s counter'),
      txBytes: byteCounter('Sent in all', 'The kernel’s counter'),
      reset: flag('Reset', 'A counter went back since the last event: no rate can be told'),
    }),
    tcp: group('TCP', 'TCP over IPv4 and IPv6', {
      established: count('Established', 'Connections in ESTABLISHED or CLOSE-WAIT (CurrEstab)'),
      retransmitsPerSecond: rate('Retransmits', 'Segments sent again (RetransSegs)'),
    }),
  },
});
