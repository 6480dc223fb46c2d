/** Names that somebody gives to a process, an interface or a machine to do harm with them. */
export const HOSTILE_NAMES: readonly string[] = [
  // Markup, and ways out of an attribute or a text.
  ...['<b>x</b>', '<img src=x onerror=alert(1)>', '<script>alert(1)</script>', '</script><script>alert(1)</script>'],
  ...[
    '<svg/onload=alert(1)>',
    '"><svg onload=alert(1)>',
    "'><img src=x onerror=alert(1)>",
    '<iframe srcdoc="<script>alert(1)</script>">',
  ],
  ...[
    '<style>*{display:none}</style>',
    '<base href=//evil.example>',
    '<meta http-equiv=refresh content=0>',
    '<!--',
    '-->',
    ']]>',
  ],
  ...[
    '<a href=javascript:alert(1)>x</a>',
    'javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    '" onmouseover="alert(1)',
  ],
  ...[
    "' onfocus='alert(1)' autofocus='",
    '&lt;b&gt;',
    '&#60;b&#62;',
    '&quot;',
    '&amp;amp;',
    '<math><mtext></p><img src onerror=alert(1)>',
  ],
  // Templates and shells.
  ...[
    '\u0024{alert(1)}',
    '{{alert(1)}}',
    '#{1+1}',
    '<%= 1 %>',
    '$(id>PWN)',
    '`id>PWN`',
    '; rm -rf x',
    '| cat /etc/passwd',
    '%s%n%x',
    '%00',
  ],
  // What spreadsheets run, and databases.
  ...['=cmd|/c calc!A1', '+1+1', '-1+1', '@SUM(1)', "'; DROP TABLE series; --", '1,2', 'a"b', 'a""b'],
  // Names that objects have.
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', '__defineGetter__', 'then'],
  // What turns text around, hides it, or moves a cursor.
  ...[
    '\u202eevil',
    '\u2066x\u2069',
    '\u200bzero',
    '\u200e\u200f',
    '\ufeffbom',
    'a\u0301\u0301\u0301',
    '\ud83d\udca9',
    'ｆｕｌｌ',
  ],
  ...[
    '\u2028line',
    '\u2029paragraph',
    '\u0085next',
    '\u001b[31mred',
    '\u001b]0;title\u0007',
    'tab\there',
    'cr\rlf',
    'a\u0000b',
    '\u007f',
  ],
  // Paths, and fields of a stream.
  ...[
    '../../etc/passwd',
    '..\\..\\x',
    '/',
    '.',
    '..',
    '*',
    '?',
    '#',
    '%2e%2e',
    'data: x',
    'id: 1',
    'event: bye',
    'retry: 0',
  ],
  'x'.repeat(10_000),
];

/** Those that a line of /proc/net/dev can hold. */
export const HOSTILE_INTERFACES: readonly string[] = HOSTILE_NAMES.filter(
  (name) => !/[\s:]/.test(name) && !['\u0085', '\0'].some((cut) => name.includes(cut)),
);
