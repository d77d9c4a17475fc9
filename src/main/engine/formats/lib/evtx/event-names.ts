/** What well-known events are, in a few words, by provider (without "Microsoft-Windows-") and id. The log itself only has the number. */

const NAMES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'Security-Auditing': {
    4608: 'Windows started', 4616: 'system time changed', 4624: 'logon', 4625: 'failed logon', 4634: 'logoff', 4647: 'logoff by user', 4648: 'logon with explicit credentials',
    4656: 'handle requested', 4657: 'registry value changed', 4660: 'object deleted', 4661: 'handle requested', 4662: 'operation on object', 4663: 'object accessed',
    4670: 'permissions changed', 4672: 'special privileges assigned', 4673: 'privileged service called', 4688: 'process created', 4689: 'process ended', 4697: 'service installed',
    4698: 'scheduled task created', 4699: 'scheduled task deleted', 4700: 'scheduled task enabled', 4701: 'scheduled task disabled', 4702: 'scheduled task updated',
    4703: 'token right adjusted', 4719: 'audit policy changed', 4720: 'user account created', 4722: 'user account enabled', 4723: 'password change attempted',
    4724: 'password reset attempted', 4725: 'user account disabled', 4726: 'user account deleted', 4728: 'member added to global group', 4729: 'member removed from global group',
    4732: 'member added to local group', 4733: 'member removed from local group', 4738: 'user account changed', 4740: 'user account locked out', 4741: 'computer account created',
    4742: 'computer account changed', 4743: 'computer account deleted', 4756: 'member added to universal group', 4767: 'user account unlocked', 4768: 'Kerberos TGT requested',
    4769: 'Kerberos service ticket requested', 4770: 'Kerberos service ticket renewed', 4771: 'Kerberos pre-authentication failed', 4776: 'NTLM credentials validated',
    4778: 'session reconnected', 4779: 'session disconnected', 4781: 'account renamed', 4798: 'local groups of user listed', 4799: 'members of local group listed',
    4907: 'auditing settings changed', 4946: 'firewall rule added', 4947: 'firewall rule changed', 4948: 'firewall rule deleted', 4950: 'firewall setting changed',
    5136: 'directory object changed', 5137: 'directory object created', 5140: 'share accessed', 5141: 'directory object deleted', 5142: 'share added', 5145: 'share access checked',
    5156: 'connection allowed', 5157: 'connection blocked', 5158: 'bind allowed',
  },
  Sysmon: {
    1: 'process created', 2: 'file creation time changed', 3: 'network connection', 4: 'Sysmon state changed', 5: 'process ended', 6: 'driver loaded', 7: 'image loaded',
    8: 'remote thread created', 9: 'raw disk read', 10: 'process accessed', 11: 'file created', 12: 'registry key added or deleted', 13: 'registry value set', 14: 'registry renamed',
    15: 'file stream created', 16: 'Sysmon configuration changed', 17: 'pipe created', 18: 'pipe connected', 19: 'WMI filter', 20: 'WMI consumer', 21: 'WMI binding', 22: 'DNS query',
    23: 'file deleted and kept', 24: 'clipboard changed', 25: 'process tampered with', 26: 'file deleted', 27: 'executable blocked', 28: 'shredding blocked', 29: 'executable detected',
  },
  Eventlog: { 104: 'log cleared', 1100: 'event logging shut down', 1102: 'audit log cleared' },
  PowerShell: { 400: 'engine started', 403: 'engine stopped', 600: 'provider started', 800: 'pipeline executed', 4103: 'module logged', 4104: 'script block' },
  'Service Control Manager': { 7034: 'service crashed', 7036: 'service changed state', 7040: 'service start type changed', 7045: 'service installed' },
  TaskScheduler: { 106: 'task registered', 140: 'task updated', 141: 'task deleted', 142: 'task disabled', 200: 'action started', 201: 'action completed' },
  'TerminalServices-LocalSessionManager': { 21: 'session logon', 22: 'shell started', 23: 'session logoff', 24: 'session disconnected', 25: 'session reconnected' },
  'TerminalServices-RemoteConnectionManager': { 1149: 'remote desktop authenticated' },
  'Windows Defender': { 1006: 'malware found', 1116: 'malware detected', 1117: 'malware acted upon', 5001: 'real-time protection disabled', 5007: 'configuration changed' },
};
const PREFIX = 'Microsoft-Windows-';

/** "Security-Auditing 4625 failed logon", "Disk 7". */
export function headingOf(provider: string, eventId: string): string {
  const short = provider.startsWith(PREFIX) ? provider.slice(PREFIX.length) : provider;
  const names = Object.hasOwn(NAMES, short) ? NAMES[short] : {};
  const name = Object.hasOwn(names, eventId) ? ` ${names[eventId]}` : '';
  return `${short} ${eventId}${name}`.trim();
}
