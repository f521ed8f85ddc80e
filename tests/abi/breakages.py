# SPDX-License-Identifier: MIT
"""Every way to break the tree that a gate must notice.

Anchored in what is least likely to change; when an anchor is gone, the self-test says so.
"""
from collections import namedtuple

from gatelib.edit import Void, append, delete, replace

# said: what the gate must say, a regular expression; None: it must pass.
# build: whether the change is in the library and not only in what is written about it.
Breakage = namedtuple('Breakage', 'gate what said edits build', defaults=[False])

HEADER = 'include/l2sock/l2sock.h'
TYPES = 'include/l2sock/types.h'
MAP = 'lib/libl2sock.map'
CODE = 'lib/sock/sock.c'
BUILD = 'lib/meson.build'
GUIDE = 'docs/bindings.md'


def page(tree):
    """The manual page of l2sock_open()."""
    for path in sorted((tree / 'docs/man').glob('*.3')):
        if '.Nm l2sock_open' in path.read_text():
            return path
    raise Void('no page for l2sock_open in docs/man')


def in_header(text, header=HEADER):
    """Declarations at the end of a public header."""
    return replace(header, r'(#ifdef __cplusplus\n\}\n)', lambda m: f'{text}\n\n{m[1]}')


def in_struct(name, pattern, new):
    return replace(TYPES if name in ('l2insn', 'l2err', 'l2pkt') else HEADER,
                   rf'(struct {name} \{{[^}}]*?){pattern}', rf'\1{new}')


def in_map(name):
    return replace(MAP, 'global:\n', f'global:\n\t{name};\n')


def function(name):
    return append(CODE, f'\nint {name}(void)\n{{\n\treturn 1;\n}}\n')


def exported(name):
    """A function added with all that belongs to it."""
    return [in_header(f'L2_API int {name}(void);'), in_map(name), function(name)]


def linked_with(*flags):
    quoted = ', '.join(f"'{f}'" for f in flags)
    return [replace(BUILD, "'-Wl,--no-undefined-version'",
                    f"'-Wl,--no-undefined-version', {quoted}")]


def without_section(name):
    """The heading goes, its text stays."""
    return [replace(page, rf'^\.Sh {name}$', '.Sh NOTHING')]


SYMBOLS = [
    Breakage('symbols', 'a name in the map that the library lacks',
             'in the map but not exported: l2sock_nothing', [in_map('l2sock_nothing')]),
    Breakage('symbols', 'a symbol of the library that the map lacks',
             'exported but not in the map: l2sock_wake', [replace(MAP, r'\tl2sock_wake;\n', '')]),
    Breakage('symbols', 'a symbol moved to another node',
             'l2sock_wake: node L2SOCK_0.1 in the library, L2SOCK_9.9',
             [replace(MAP, r'\tl2sock_wake;\n', ''),
              append(MAP, 'L2SOCK_9.9 {\nglobal:\n\tl2sock_wake;\n} L2SOCK_0.1;\n')]),
    Breakage('symbols', 'a wildcard in the map', r'l2sock_\* is a pattern', [in_map('l2sock_*')]),
    Breakage('symbols', 'a name twice in the map', 'listed twice', [in_map('l2sock_wake')]),
    Breakage('symbols', 'a map that hides nothing', 'must have "local',
             [replace(MAP, r'local:\n\t\*;\n', '')]),
    Breakage('symbols', 'a prototype marked L2_API that the map lacks',
             'marked L2_API but not in the map: l2sock_frob',
             [in_header('L2_API int l2sock_frob(void);')]),
    Breakage('symbols', 'an exported function without prototype',
             'without a prototype.*l2sock_frob', exported('l2sock_frob')[1:], True),
    Breakage('symbols', 'a prototype without L2_API', '#   l2sock_wake$',
             [replace(HEADER, r'^L2_API (int l2sock_wake)', r'\1')]),
    Breakage('symbols', 'an exported function without prefix',
             'not ok .* every exported name is l2', exported('frob'), True),
    Breakage('symbols', 'a library linked without the map', 'exported but not in the map',
             [replace(BUILD, "'-Wl,--version-script,' \\+ symbol_map,", ''),
              replace(BUILD, "gnu_symbol_visibility: 'hidden',", '')], True),
]

LIBRARY = [
    Breakage('library', 'a writable exported variable', 'not ok .* no writable data',
             [append(CODE, '\nL2_API int l2sock_count = 1;\n'), in_map('l2sock_count')], True),
    Breakage('library', 'a zeroed exported variable', 'not ok .* no writable data',
             [append(CODE, '\nL2_API int l2sock_count;\n'), in_map('l2sock_count')], True),
    Breakage('library', 'another SONAME', 'not ok .* the SONAME is',
             [replace(BUILD, "^abi = '0'", "abi = '1'")], True),
    Breakage('library', 'an RUNPATH', 'RUNPATH: /nowhere',
             linked_with('-Wl,-rpath,/nowhere'), True),
    Breakage('library', 'an RPATH', ' RPATH: /nowhere',
             linked_with('-Wl,--disable-new-dtags', '-Wl,-rpath,/nowhere'), True),
    Breakage('library', 'one more needed library', 'libm.so',
             linked_with('-Wl,--no-as-needed', '-lm'), True),
    Breakage('library', 'an executable stack', 'not ok .* the stack',
             linked_with('-Wl,-z,execstack'), True),
]


def pkgconfig(arguments):
    """Other arguments at the beginning of pkgconfig.generate()."""
    return [replace(BUILD, r'pkgconfig\.generate\(l2sock,', f'pkgconfig.generate({arguments},')]


WRONG_PC = pkgconfig("libraries: '-ll2sok'")

ARCHIVE = [
    Breakage('archive', 'a global without prefix', '#   frob$', [function('frob')]),
    Breakage('archive', 'an l2sock.pc that names no archive', 'c: a program compiles', WRONG_PC),
]

HEADERS = [
    Breakage('headers', 'a missing include', r'types\.h: alone', [
        replace(TYPES, r'#include <stdint\.h>\n', '')]),
    Breakage('headers', 'a missing include guard', r'types\.h: alone and twice', [
        replace(TYPES, r'#ifndef L2SOCK_TYPES_H\n#define L2SOCK_TYPES_H\n', ''),
        replace(TYPES, r'#endif[^\n]*\n\Z', '')]),
    Breakage('headers', 'a word of C++ as a parameter', r'#   c\+\+11',
             [in_header('L2_API int l2sock_frob(int class);')]),
    Breakage('headers', 'a keyword that gnu89 lacks', '#   gnu89',
             [in_header('L2_API int l2sock_frob(char *restrict text);')]),
    Breakage('headers', 'an anonymous union, which C99 lacks', '#   c99',
             [in_header('struct l2frob {\n\tunion {\n\t\tint a;\n\t};\n};')]),
    Breakage('headers', 'a constant that only gcc understands', 'not ok .* every constant',
             [in_header('#define L2_FROB 0b101')]),
    Breakage('headers', 'a constant that does not compile', 'not ok .* every constant',
             [in_header('#define L2_FROB (L2_NOTHING << 1)')]),
    Breakage('headers', 'an old-style prototype', 'strict-prototypes',
             [in_header('L2_API int l2sock_frob();')]),
    Breakage('headers', 'a hole in a struct', r'not ok .*types\.h: alone and twice, gcc$',
             [in_struct('l2insn', r'\buint8_t jf;\n', '')]),
    Breakage('headers', 'a hole at the end of a struct', r'padding struct',
             [in_struct('l2insn', r'\}', 'uint8_t last;\n}')]),
    Breakage('headers', 'a hole on 32-bit machines alone', 'alone and twice, gcc -m32',
             [in_struct('l2insn', 'uint32_t k;',
                        'uint8_t odd[sizeof(void *) / 8 * 3 + 1];\n\tuint32_t k;')]),
    Breakage('headers', 'an #if about nothing', 'Wundef|not defined',
             [in_header('#if L2_NOTHING\n#endif')]),
    *[Breakage('headers', f'the main header with <{other}>', f'#   {other}',
               [in_header(f'#include <{other}>')])
      for other in ('linux/if_packet.h', 'netpacket/packet.h')],
    Breakage('headers', 'a definition that the kernel has as well', 'not ok .*beside',
             [in_header('struct sockaddr_ll {\n\tint a;\n};')]),
]

LAYOUT = [
    Breakage('layout', 'a constant with another value', '-constant L2_MAC_LEN 6',
             [replace(TYPES, r'(define L2_MAC_LEN\s+)6', r'\g<1>7')]),
    Breakage('layout', 'a constant of another type', '-constant L2_MAC_LEN 6 int',
             [replace(TYPES, r'(define L2_MAC_LEN\s+)6', r'\g<1>6u')]),
    Breakage('layout', 'a constant removed', '-constant L2_USEC',
             [replace(TYPES, r'#define L2_USEC [^\n]*\n', '')]),
    Breakage('layout', 'a constant not in the list', r'\+constant L2_FROB 1',
             [in_header('#define L2_FROB 1')]),
    Breakage('layout', 'a member removed', r'-member l2insn\.jt',
             [in_struct('l2insn', r'uint8_t jt;\n', '')]),
    Breakage('layout', 'two members exchanged', r'-member l2insn\.jt offset=2',
             [in_struct('l2insn', r'uint8_t jt;\n\tuint8_t jf;', 'uint8_t jf;\n\tuint8_t jt;')]),
    Breakage('layout', 'a member renamed', r'-member l2insn\.k ',
             [in_struct('l2insn', r'uint32_t k;', 'uint32_t value;')]),
    Breakage('layout', 'a member of the other sign', r'-member l2insn\.k .*uint32_t',
             [in_struct('l2insn', r'uint32_t k;', 'int32_t k;')]),
    Breakage('layout', 'a struct that grew', '-struct l2err size=256',
             [in_struct('l2err', r'\}', 'uint32_t more;\n}')]),
    Breakage('layout', 'a struct removed', '-struct l2insn',
             [replace(TYPES, r'struct l2insn \{.*?\};\n', '')]),
    Breakage('layout', 'a struct not in the list', r'\+struct l2frob size=4',
             [in_header('struct l2frob {\n\tuint32_t a;\n};')]),
    Breakage('layout', 'a struct of another size on 32-bit machines alone',
             r'not ok \d+ - layout\.i386-linux-gnu\.txt',
             [replace(TYPES, r'\[40 - sizeof\(uint8_t \*\)\]', '[32]')]),
    Breakage('layout', 'a bit-field', 'not understood',
             [in_struct('l2insn', 'uint8_t jt;', 'uint8_t jt : 8;')]),
    Breakage('layout', 'a union', 'not understood',
             [in_header('union l2frob {\n\tint a;\n};')]),
    Breakage('layout', 'an enum', 'not understood', [in_header('enum l2frob {\n\tL2FROB_A,\n};')]),
    Breakage('layout', 'a macro with parameters', 'every macro is a constant',
             [in_header('#define L2_FROB(x) (x)')]),
    Breakage('layout', 'a macro without prefix', 'every macro is a constant',
             [in_header('#define FROB 1')]),
    Breakage('layout', 'a macro that is no integer', 'NOT_NUMBERS',
             [in_header('#define L2_FROB "text"')]),
]

BASELINE = [
    Breakage('baseline', 'a function added without a new baseline', 'Added function',
             exported('l2sock_frob'), True),
    Breakage('baseline', 'a function removed', r'\[D\].*l2sock_wake',
             [replace(MAP, r'\tl2sock_wake;\n', '')], True),
    Breakage('baseline', 'a parameter of another type', 'parameter 2 .*changed',
             [replace(path, r'(l2sock_bind\(struct l2sock \*s, )uint32_t', r'\1uint16_t')
              for path in (HEADER, 'lib/sock/bind.c')], True),
    Breakage('baseline', 'a result of another type', 'return type changed',
             [replace(path, r'^(L2_API )?uint32_t (l2sock_version)', r'\1uint64_t \2')
              for path in (HEADER, CODE)], True),
    Breakage('baseline', 'a member in the middle of the options', 'struct l2sock_opts',
             [in_struct('l2sock_opts', 'struct l2err', 'uint64_t middle;\n\tstruct l2err')], True),
    Breakage('baseline', 'a member at the end of a frozen struct', 'struct l2pkt',
             [in_struct('l2pkt', r'\}', 'uint64_t last;\n}')], True),
    Breakage('baseline', 'a member of the counters with another sign', 'struct l2sock_stats',
             [in_struct('l2sock_stats', 'uint64_t sent', 'int64_t sent')], True),
    Breakage('baseline', 'the same behind a struct that grew', 'struct l2sock_stats',
             [in_struct('l2sock_stats', 'uint64_t sent', 'int64_t sent'),
              in_struct('l2sock_stats', r'\}', 'uint64_t last;\n}')], True),
    Breakage('baseline', 'two counters exchanged', 'struct l2sock_stats',
             [in_struct('l2sock_stats', r'(uint64_t sent;[^\n]*)\n(\s*uint64_t failed;)',
                        r'\3\n\2')], True),
    Breakage('baseline', 'a member at the end of the options: allowed', None,
             [in_struct('l2sock_opts', r'\}', 'uint64_t last;\n}')], True),
    Breakage('baseline', 'a member at the end of the counters: allowed', None,
             [in_struct('l2sock_stats', r'\}', 'uint64_t last;\n}')], True),
    Breakage('baseline', 'a change of the private handle: allowed', None,
             [replace('lib/sock/sock-internal.h', r'(^struct l2sock \{\n)', r'\1\tint frob;\n')],
             True),
]

MANUAL = [
    Breakage('manual', 'a page removed', 'l2sock_open: in no page', [delete(page)]),
    Breakage('manual', 'a function that no page names', 'l2sock_frob: in no page',
             [in_map('l2sock_frob')]),
    Breakage('manual', 'a name taken out of a page', 'l2sock_open: in no page',
             [replace(page, r'^\.Nm l2sock_open\b[^\n]*\n', '')]),
    Breakage('manual', 'a page about a function that is gone', 'l2sock_frob: exported by nothing',
             [replace(page, r'^(\.Sh NAME\n)', r'\1.Nm l2sock_frob ,\n')]),
    Breakage('manual', 'an unknown macro in a page', 'unknown macro', [append(page, '.Frob x\n')]),
    Breakage('manual', 'a warning of mandoc', 'WARNING: ', [append(page, '.Bl -tag\n.El\n')]),
    Breakage('manual', 'a reference to no page', r'l2nowhere\(3\)',
             [append(page, '.Xr l2nowhere 3\n')]),
    Breakage('manual', 'neither LIBRARY nor SYNOPSIS', '#   LIBRARY or SYNOPSIS',
             [replace(page, r'(?:^\.Sh LIBRARY$(.*?))?^\.Sh SYNOPSIS$', r'.Sh A\n\1.Sh B')]),
    *[Breakage('manual', f'a page without {section}', f'#   {section}', without_section(section))
      for section in ('DESCRIPTION', 'RETURN VALUES', 'ERRORS', 'HISTORY', 'THREAD SAFETY')],
    Breakage('manual', 'a page without EXAMPLES', '#   EXAMPLES or EXAMPLE',
             [replace(page, r'^\.Sh EXAMPLES?$', '.Sh NOTHING')]),
    Breakage('manual', 'an empty section', '#   HISTORY',
             [replace(page, r'^\.Sh HISTORY\n(?:(?!\.Sh).)*', '.Sh HISTORY\n')]),
    Breakage('manual', 'a function without its thread sentence', 'its comment must have one of',
             [replace(HEADER, r'One thread at a time per handle\. Since', 'Since')]),
    Breakage('manual', 'a function without its release', 'does not say "Since',
             [replace(HEADER, r'(Safe from any thread\.) Since 0\.\d+\.', r'\1')]),
    Breakage('manual', 'a function without comment', 'l2sock_version: no comment',
             [replace(HEADER, r'/\*\n \* l2sock_version(?:(?!\*/).)*\*/\n', '')]),
]

INSTALLED = [
    Breakage('installed', 'a header left out', r'missing: include/l2sock/types\.h',
             [replace('include/meson.build', r"  'l2sock/types\.h',?\n?", '')]),
    Breakage('installed', 'a manual page left out', r'missing: share/man/man3/l2frob\.3',
             [append('docs/man/l2frob.3', '.\\" nothing\n')]),
    Breakage('installed', 'a file that nobody meant', 'not meant: share/frob/LICENSE',
             [append('meson.build', "install_data('LICENSE', install_dir: 'share/frob')\n")]),
    Breakage('installed', 'a file outside of the prefix', 'not ok .* nothing is installed outside',
             [append('meson.build', "install_data('LICENSE', install_dir: '/etc/frob')\n")]),
    Breakage('installed', 'a script that ignores DESTDIR', 'not ok .* nothing is installed outside',
             [append('meson.build', "meson.add_install_script('sh', '-c', "
                     "'mkdir -p \"$MESON_INSTALL_PREFIX/frob\"')\n")]),
    Breakage('installed', 'a search path for the installed library', 'RUNPATH: /nowhere',
             [replace(BUILD, 'install: true', "install: true, install_rpath: '/nowhere'")]),
    Breakage('installed', 'an l2sock.pc that names another library', 'c: a program compiles',
             WRONG_PC),
    Breakage('installed', 'an l2sock.pc that names the source directory',
             'not ok .* does not name the source',
             pkgconfig("l2sock, extra_cflags: '-I' + meson.project_source_root()")),
    Breakage('installed', 'another version in the header', 'not ok .* one version everywhere',
             [replace(TYPES, r'(define L2_VERSION_MICRO) \d+', r'\1 77')]),
    Breakage('installed', 'another version in meson.build', 'not ok .* one version everywhere',
             [replace('meson.build', r"version: '\d[^']*'", "version: '9.9.9'")]),
    Breakage('installed', 'another version in l2sock.pc', 'not ok .* one version everywhere',
             pkgconfig("l2sock, version: '9.9.9'")),
    Breakage('installed', 'another version in the library', 'headers of version',
             [replace(CODE, 'return L2_VERSION;', 'return L2_VERSION + 1;')]),
    Breakage('installed', 'no extern "C"', r'c\+\+: a program compiles',
             [replace(HEADER, 'extern "C"', 'extern "C++"')]),
    Breakage('installed', 'a library that sends nothing', 'not ok .* receives its own frame',
             [replace('lib/sock/send.c', r'^(L2_HOT int l2sock_send\([^{]*\{\n)',
                      r'\1\treturn 0;\n')]),
]

SUBPROJECT = [
    Breakage('subproject', 'no dependency for the outer project', 'meson configures',
             [replace(BUILD, r"meson\.override_dependency\('l2sock', l2sock_dep\)", '')]),
    Breakage('subproject', 'a path that is right only for the outermost project',
             'cannot open linker script',
             [replace(BUILD, r"meson\.current_source_dir\(\) / 'libl2sock.map'",
                      "meson.global_source_root() / 'lib/libl2sock.map'")]),
]

STYLE = [
    Breakage('style', 'a file without licence', '#   lib/frob.md',
             [append('lib/frob.md', 'Nothing.\n')]),
    Breakage('style', 'a misspelling', 'sock.c:.*==> the', [append(CODE, '/* t' + 'eh */\n')]),
    Breakage('style', 'a misspelling in a hidden file', '.gitignore:.*==> the',
             [append('.gitignore', '# t' + 'eh\n')]),
    Breakage('style', 'code in another format', 'not ok .* clang-format',
             [append(CODE, 'int  l2frob ;\n')]),
    Breakage('style', 'a blank at the end of a line', '#   lib/libl2sock.map:',
             [append(MAP, '/* */ \n')]),
    Breakage('style', 'no newline at the end', 'libl2sock.map: no newline', [append(MAP, '/* */')]),
    Breakage('style', 'a long line of Python', r'#   tests/abi/style\.py',
             [append('tests/abi/style.py', f'#{"-" * 100}\n')]),
    Breakage('style', 'a comment too wide by its tabs', r'#   lib/sock/sock\.c',
             [append(CODE, f'/*{chr(9) * 10}{"-" * 30} */\n')]),
    Breakage('style', 'the path of the checkout', 'not ok .* no file contains a path',
             [append(MAP, lambda tree: f'/* {tree}/lib */\n')]),
    Breakage('style', 'the path beside the checkout', 'not ok .* no file contains a path',
             [append(MAP, lambda tree: f'/* {tree.parent}/other */\n')]),
]

RENDERED = [
    Breakage('rendered', 'a link to a file that is not there',
             r'bindings\.md links docs/nowhere\.md', [append(GUIDE, '[x](nowhere.md)\n')]),
    Breakage('rendered', 'a link to a place that is not there',
             r'no place #frob in packaging\.html', [append(GUIDE, '[x](packaging.md#frob)\n')]),
    Breakage('rendered', 'a link to a section that is not there', r'no place #FROB in man/',
             [append(page, '.Sx FROB\n')]),
    Breakage('rendered', 'cross references left as text', r'l2sock_open\.3: \w+\(3\)',
             [replace('docs/html/manual.py', r'CROSS\.sub\(cross, ', '(')]),
    Breakage('rendered', 'guides that nothing links', r'#   bindings\.html',
             [replace('docs/html/index.py', r'\+ guides\(site, files\) ', ''),
              replace('README.md', r'\(docs/bindings\.md\)', '(docs/packaging.md)')]),
    Breakage('rendered', 'a picture that no browser shows', r'layers\.svg: ',
             [replace('docs/layers.svg', '</svg>', '')]),
    Breakage('rendered', 'pages as wide as a desk', r'#   man/l2sock_open\.3\.html',
             [replace('docs/html/tree.py', r'<meta name="viewport"[^\n]*', '')]),
]

BREAKAGES = (SYMBOLS + LIBRARY + ARCHIVE + HEADERS + LAYOUT + BASELINE + MANUAL + INSTALLED +
             SUBPROJECT + STYLE + RENDERED)
