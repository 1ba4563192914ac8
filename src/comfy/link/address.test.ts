import { describe, expect, it } from 'vitest';
import { parseServerAddress, restUrl, socketUrl } from './address.ts';

const urlOf = (input: string) => {
  const parsed = parseServerAddress(input);
  return parsed.ok ? parsed.url : parsed.message;
};

describe('an address as people type it', () => {
  it.each([
    // Without a scheme it is http, without a port the one of ComfyUI.
    ['localhost', 'http://localhost:8188'],
    ['  gpu-box \n', 'http://gpu-box:8188'],
    ['gpu-box:8000', 'http://gpu-box:8000'],
    ['192.168.1.20', 'http://192.168.1.20:8188'],
    ['127.1', 'http://127.0.0.1:8188'],
    ['GPU_Box.Local.', 'http://gpu_box.local.:8188'],
    ['gpu-box/comfy', 'http://gpu-box:8188/comfy'],
    ['gpu-box:80', 'http://gpu-box'],
    // With a scheme the port is that of the scheme.
    ['http://gpu-box', 'http://gpu-box'],
    ['https://example.org', 'https://example.org'],
    ['https://example.org:443/', 'https://example.org'],
    ['HTTPS://Example.ORG:8443', 'https://example.org:8443'],
    // As pasted from a socket's address.
    ['ws://host:8188/ws?clientId=abc', 'http://host:8188'],
    ['wss://host/comfy/ws', 'https://host/comfy'],
    // Path prefixes stay; what belongs to ComfyUI's own routes does not.
    ['https://host/comfy/', 'https://host/comfy'],
    ['https://host/a/b//', 'https://host/a/b'],
    ['https://host/comfy/api/', 'https://host/comfy'],
    ['https://host/api/ws', 'https://host'],
    ['https://host/apis', 'https://host/apis'],
    ['https://host/my%20path', 'https://host/my%20path'],
    ['http://host:8188/?workflow=1#top', 'http://host:8188'],
    // IPv6, with and without brackets.
    ['::1', 'http://[::1]:8188'],
    ['fe80::1:2', 'http://[fe80::1:2]:8188'],
    ['[::1]', 'http://[::1]:8188'],
    ['[2001:db8::1]:8000', 'http://[2001:db8::1]:8000'],
    ['http://[::1]/comfy', 'http://[::1]/comfy'],
    // What ComfyUI prints when it listens everywhere.
    ['http://0.0.0.0:8188', 'http://127.0.0.1:8188'],
    ['0.0.0.0', 'http://127.0.0.1:8188'],
    ['[::]:8188', 'http://[::1]:8188'],
    // Names in any script.
    ['http://bücher.example', 'http://xn--bcher-kva.example'],
  ])('%s is %s', (input, url) => {
    expect(urlOf(input)).toBe(url);
  });

  it.each([
    [''],
    ['   '],
    ['two words'],
    ['host\nname'],
    ['ho\u0000st'],
    ['http://'],
    ['http:///path'],
    ['http:host'],
    [':8188'],
    ['8188'],
    ['http://8188'],
    ['8188/comfy'],
    ['host:'],
    ['host:port'],
    ['host:99999'],
    ['host:-1'],
    ['-://x'],
    ['[::1'],
    ['1:2:3'],
    ['a..b'],
    ['host!'],
    ['http://%zz'],
    ['mailto:me@example.org'],
  ])('%j is refused with a sentence', (input) => {
    const parsed = parseServerAddress(input);
    expect(parsed.ok).toBe(false);
    expect(!parsed.ok && parsed.message).toMatch(/^[\p{Lu}“].*\.$/su);
    expect(!parsed.ok && parsed.message.length).toBeLessThan(200);
  });

  it('that is too long, also when encoded, is refused and not repeated at length', () => {
    for (const input of [`http://${'x'.repeat(3_000)}`, `http://host/${'ü'.repeat(1_000)}`])
      expect(urlOf(input)).toMatch(/^“.{60}” is not a server address\./);
  });

  it.each([['ftp://host'], ['file:///etc/passwd'], ['javascript://host/%0aalert(1)']])(
    '%s is refused because of its scheme',
    (input) => {
      expect(urlOf(input)).toContain('over http or https');
    },
  );

  it.each([
    ['http://user:secret@host:8188'],
    ['user:secret@host'],
    ['https://token@host'],
    ['http://@host'],
    ['http://:@host'],
  ])('%s is refused because of the password, which is not repeated', (input) => {
    expect(urlOf(input)).toContain('Leave the user name and password out');
    expect(urlOf(input)).not.toContain('secret');
  });

  it('that was accepted is accepted again, and the same', () => {
    for (const input of ['localhost', '::1', 'wss://host/comfy/ws', 'http://bücher.example/ä'])
      expect(urlOf(urlOf(input))).toBe(urlOf(input));
  });
});

describe('addresses below a server', () => {
  it('are those of its socket', () => {
    expect(socketUrl('http://host:8188', 'a/b c')).toBe('ws://host:8188/ws?clientId=a%2Fb%20c');
    expect(socketUrl('https://host/comfy', 'id')).toBe('wss://host/comfy/ws?clientId=id');
    expect(socketUrl('https://http.example', 'id')).toBe('wss://http.example/ws?clientId=id');
  });

  it('are those of its routes, with every value encoded', () => {
    expect(restUrl('https://host/comfy', '/queue')).toBe('https://host/comfy/queue');
    expect(restUrl('http://host', '/view', { filename: 'ä &?#.png', subfolder: '../x', n: 5 })).toBe(
      'http://host/view?filename=%C3%A4%20%26%3F%23.png&subfolder=..%2Fx&n=5',
    );
  });
});
