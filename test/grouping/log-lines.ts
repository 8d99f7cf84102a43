/**
 * Lines of a log, without its date, its host and its process. Lines of one template are one issue. A bare name of a
 * user is a word, not data: lines with another name have a template of their own.
 */
export interface LogFile {
  readonly name: string;
  readonly type: string;
  readonly lines: readonly { readonly template: string; readonly text: string }[];
}

export const LOGS: readonly LogFile[] = [
  {
    name: "OpenSSH",
    type: "sshd",
    lines: [
      {
        template: "Failed password for <user root> from <ip> port <n> ssh2",
        text: "Failed password for root from 203.0.113.7 port 51544 ssh2",
      },
      {
        template: "Failed password for <user root> from <ip> port <n> ssh2",
        text: "Failed password for root from 198.51.100.23 port 4021 ssh2",
      },
      {
        template: "Failed password for <user root> from <ip> port <n> ssh2",
        text: "Failed password for root from 2001:db8::17 port 60122 ssh2",
      },
      {
        template: "Failed password for <user postgres> from <ip> port <n> ssh2",
        text: "Failed password for postgres from 203.0.113.7 port 40112 ssh2",
      },
      {
        template: "Failed password for <user postgres> from <ip> port <n> ssh2",
        text: "Failed password for postgres from 192.0.2.88 port 33990 ssh2",
      },
      {
        template: "Failed password for invalid user <user admin> from <ip> port <n> ssh2",
        text: "Failed password for invalid user admin from 203.0.113.19 port 38292 ssh2",
      },
      {
        template: "Failed password for invalid user <user admin> from <ip> port <n> ssh2",
        text: "Failed password for invalid user admin from 198.51.100.4 port 1066 ssh2",
      },
      {
        template: "Failed password for invalid user <user oracle> from <ip> port <n> ssh2",
        text: "Failed password for invalid user oracle from 192.0.2.11 port 51020 ssh2",
      },
      {
        template: "Failed password for invalid user <user oracle> from <ip> port <n> ssh2",
        text: "Failed password for invalid user oracle from 203.0.113.240 port 9022 ssh2",
      },
      { template: "Invalid user <user admin> from <ip>", text: "Invalid user admin from 203.0.113.19" },
      { template: "Invalid user <user admin> from <ip>", text: "Invalid user admin from 198.51.100.4" },
      {
        template: "Invalid user <user test> from <ip> port <n>",
        text: "Invalid user test from 203.0.113.19 port 38292",
      },
      {
        template: "Invalid user <user test> from <ip> port <n>",
        text: "Invalid user test from 198.51.100.4 port 1066",
      },
      {
        template: "input_userauth_request: invalid user <user admin> [preauth]",
        text: "input_userauth_request: invalid user admin [preauth]",
      },
      {
        template: "input_userauth_request: invalid user <user test> [preauth]",
        text: "input_userauth_request: invalid user test [preauth]",
      },
      {
        template: "Accepted password for <user deploy> from <ip> port <n> ssh2",
        text: "Accepted password for deploy from 10.0.0.17 port 49116 ssh2",
      },
      {
        template: "Accepted password for <user deploy> from <ip> port <n> ssh2",
        text: "Accepted password for deploy from 10.0.3.2 port 52700 ssh2",
      },
      {
        template: "Accepted publickey for <user deploy> from <ip> port <n> ssh2: RSA <fingerprint>",
        text: "Accepted publickey for deploy from 10.0.0.17 port 49120 ssh2: RSA 4f:2a:91:0c:de:77:8b:13:a0:5e:66:f1:02:9d:b8:c4",
      },
      {
        template: "Accepted publickey for <user deploy> from <ip> port <n> ssh2: RSA <fingerprint>",
        text: "Accepted publickey for deploy from 10.0.3.2 port 52714 ssh2: RSA 09:bb:1e:f3:42:6d:57:80:c1:aa:3f:94:e8:25:70:1d",
      },
      {
        template: "Received disconnect from <ip>: 11: Bye Bye [preauth]",
        text: "Received disconnect from 203.0.113.7: 11: Bye Bye [preauth]",
      },
      {
        template: "Received disconnect from <ip>: 11: Bye Bye [preauth]",
        text: "Received disconnect from 198.51.100.23: 11: Bye Bye [preauth]",
      },
      {
        template: "Received disconnect from <ip>: 11: Bye Bye [preauth]",
        text: "Received disconnect from 192.0.2.88: 11: Bye Bye [preauth]",
      },
      {
        template: "Received disconnect from <ip> port <n>:11: disconnected by user",
        text: "Received disconnect from 10.0.0.17 port 49116:11: disconnected by user",
      },
      {
        template: "Received disconnect from <ip> port <n>:11: disconnected by user",
        text: "Received disconnect from 10.0.3.2 port 52700:11: disconnected by user",
      },
      { template: "Connection closed by <ip> [preauth]", text: "Connection closed by 203.0.113.7 [preauth]" },
      { template: "Connection closed by <ip> [preauth]", text: "Connection closed by 192.0.2.130 [preauth]" },
      {
        template: "Did not receive identification string from <ip>",
        text: "Did not receive identification string from 198.51.100.200",
      },
      {
        template: "Did not receive identification string from <ip>",
        text: "Did not receive identification string from 203.0.113.54",
      },
      {
        template: "pam_unix(sshd:auth): authentication failure; <user root>",
        text: "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=203.0.113.7  user=root",
      },
      {
        template: "pam_unix(sshd:auth): authentication failure; <user root>",
        text: "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=198.51.100.23  user=root",
      },
      {
        template: "pam_unix(sshd:auth): authentication failure; <user root>",
        text: "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=host-17.dsl.example.net  user=root",
      },
      {
        template: "pam_unix(sshd:auth): check pass; user unknown",
        text: "pam_unix(sshd:auth): check pass; user unknown",
      },
      {
        template: "PAM <n> more authentication failures; <user root>",
        text: "PAM 5 more authentication failures; logname= uid=0 euid=0 tty=ssh ruser= rhost=203.0.113.7  user=root",
      },
      {
        template: "PAM <n> more authentication failures; <user root>",
        text: "PAM 2 more authentication failures; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.88  user=root",
      },
      {
        template: "message repeated <n> times: [ Failed password for <user root> ]",
        text: "message repeated 5 times: [ Failed password for root from 203.0.113.7 port 51544 ssh2]",
      },
      {
        template: "message repeated <n> times: [ Failed password for <user root> ]",
        text: "message repeated 2 times: [ Failed password for root from 192.0.2.88 port 33990 ssh2]",
      },
      {
        template: "reverse mapping checking getaddrinfo for <host> [<ip>] failed - POSSIBLE BREAK-IN ATTEMPT!",
        text: "reverse mapping checking getaddrinfo for host-17.dsl.example.net [203.0.113.17] failed - POSSIBLE BREAK-IN ATTEMPT!",
      },
      {
        template: "reverse mapping checking getaddrinfo for <host> [<ip>] failed - POSSIBLE BREAK-IN ATTEMPT!",
        text: "reverse mapping checking getaddrinfo for 88-2-0-192.static.example.org [192.0.2.88] failed - POSSIBLE BREAK-IN ATTEMPT!",
      },
      {
        template: "error: maximum authentication attempts exceeded for <user root> from <ip> port <n> ssh2 [preauth]",
        text: "error: maximum authentication attempts exceeded for root from 203.0.113.7 port 51544 ssh2 [preauth]",
      },
      {
        template: "error: maximum authentication attempts exceeded for <user root> from <ip> port <n> ssh2 [preauth]",
        text: "error: maximum authentication attempts exceeded for root from 198.51.100.90 port 2817 ssh2 [preauth]",
      },
      {
        template: "fatal: Write failed: Connection reset by peer [preauth]",
        text: "fatal: Write failed: Connection reset by peer [preauth]",
      },
      { template: "Server listening on <ip> port <n>.", text: "Server listening on 0.0.0.0 port 22." },
      { template: "Server listening on <ip> port <n>.", text: "Server listening on :: port 2222." },
    ],
  },
  {
    name: "Apache",
    type: "httpd",
    lines: [
      {
        template: "File does not exist: <path>",
        text: "[client 203.0.113.7] File does not exist: /var/www/html/favicon.ico",
      },
      {
        template: "File does not exist: <path>",
        text: "[client 198.51.100.23] File does not exist: /var/www/html/wp-login.php",
      },
      {
        template: "File does not exist: <path>",
        text: "[client 192.0.2.88] File does not exist: /srv/www/shop/robots.txt",
      },
      {
        template: "AH00128: File does not exist: <path>",
        text: "[client 203.0.113.7:51544] AH00128: File does not exist: /var/www/html/old/index.html",
      },
      {
        template: "AH00128: File does not exist: <path>",
        text: "[client 198.51.100.23:40112] AH00128: File does not exist: /var/www/html/.env",
      },
      {
        template: "Directory index forbidden by rule: <path>",
        text: "[client 203.0.113.7] Directory index forbidden by rule: /var/www/html/",
      },
      {
        template: "Directory index forbidden by rule: <path>",
        text: "[client 192.0.2.11] Directory index forbidden by rule: /var/www/html/img/",
      },
      {
        template: "script '<path>' not found or unable to stat",
        text: "[client 203.0.113.19] script '/var/www/html/xmlrpc.php' not found or unable to stat",
      },
      {
        template: "script '<path>' not found or unable to stat",
        text: "[client 198.51.100.4] script '/var/www/html/admin/setup.php' not found or unable to stat",
      },
      {
        template: "AH01630: client denied by server configuration: <path>",
        text: "[client 203.0.113.19:38292] AH01630: client denied by server configuration: /var/www/html/server-status",
      },
      {
        template: "AH01630: client denied by server configuration: <path>",
        text: "[client 198.51.100.4:1066] AH01630: client denied by server configuration: /var/www/html/.git/config",
      },
      { template: "workerEnv.init() ok <path>", text: "workerEnv.init() ok /etc/httpd/conf/workers2.properties" },
      { template: "workerEnv.init() ok <path>", text: "workerEnv.init() ok /opt/httpd-2.4/conf/workers2.properties" },
      { template: "mod_jk child workerEnv in error state <n>", text: "mod_jk child workerEnv in error state 6" },
      { template: "mod_jk child workerEnv in error state <n>", text: "mod_jk child workerEnv in error state 8" },
      { template: "mod_jk child workerEnv in error state <n>", text: "mod_jk child workerEnv in error state 10" },
      {
        template: "jk2_init() Found child <n> in scoreboard slot <n>",
        text: "jk2_init() Found child 4711 in scoreboard slot 7",
      },
      {
        template: "jk2_init() Found child <n> in scoreboard slot <n>",
        text: "jk2_init() Found child 31902 in scoreboard slot 12",
      },
      {
        template: "jk2_init() Found child <n> in scoreboard slot <n>",
        text: "jk2_init() Found child 1822 in scoreboard slot 6",
      },
      {
        template: "jk2_init() Can't find child <n> in scoreboard",
        text: "jk2_init() Can't find child 4712 in scoreboard",
      },
      {
        template: "jk2_init() Can't find child <n> in scoreboard",
        text: "jk2_init() Can't find child 2088 in scoreboard",
      },
      {
        template: "child pid <n> exit signal Segmentation fault (11)",
        text: "AH00052: child pid 17011 exit signal Segmentation fault (11)",
      },
      {
        template: "child pid <n> exit signal Segmentation fault (11)",
        text: "AH00052: child pid 902 exit signal Segmentation fault (11)",
      },
      { template: "child pid <n> exit signal Killed (9)", text: "AH00052: child pid 17012 exit signal Killed (9)" },
      { template: "child pid <n> exit signal Killed (9)", text: "AH00052: child pid 4410 exit signal Killed (9)" },
      {
        template: "AH01075: Error dispatching request to : (polling)",
        text: "(70007)The timeout specified has expired: [client 10.0.0.4:51234] AH01075: Error dispatching request to : (polling)",
      },
      {
        template: "AH01075: Error dispatching request to : (polling)",
        text: "(70007)The timeout specified has expired: [client 10.0.2.9:40001] AH01075: Error dispatching request to : (polling)",
      },
      {
        template: "AH00957: attempt to connect to <address> failed",
        text: "(111)Connection refused: AH00957: HTTP: attempt to connect to 127.0.0.1:8080 (127.0.0.1) failed",
      },
      {
        template: "AH00957: attempt to connect to <address> failed",
        text: "(111)Connection refused: AH00957: HTTP: attempt to connect to 10.0.0.6:8080 (10.0.0.6) failed",
      },
      {
        template: "AH01071: Got error 'PHP message: PHP Warning: Undefined variable $user in <path> on line <n>'",
        text: "[client 203.0.113.7:51544] AH01071: Got error 'PHP message: PHP Warning:  Undefined variable $user in /var/www/html/order.php on line 17'",
      },
      {
        template: "AH01071: Got error 'PHP message: PHP Warning: Undefined variable $user in <path> on line <n>'",
        text: "[client 198.51.100.4:1066] AH01071: Got error 'PHP message: PHP Warning:  Undefined variable $user in /var/www/html/admin/list.php on line 204'",
      },
      {
        template: "AH00161: server reached MaxRequestWorkers setting",
        text: "AH00161: server reached MaxRequestWorkers setting, consider raising the MaxRequestWorkers setting",
      },
      { template: "AH00169: caught SIGTERM, shutting down", text: "AH00169: caught SIGTERM, shutting down" },
    ],
  },
  {
    name: "Zookeeper",
    type: "zookeeper",
    lines: [
      { template: "Received connection request <address>", text: "Received connection request /10.20.1.11:45307" },
      { template: "Received connection request <address>", text: "Received connection request /10.20.1.13:51002" },
      { template: "Received connection request <address>", text: "Received connection request /10.20.1.12:3888" },
      {
        template: "Accepted socket connection from <address>",
        text: "Accepted socket connection from /10.20.1.12:53225",
      },
      {
        template: "Accepted socket connection from <address>",
        text: "Accepted socket connection from /127.0.0.1:40991",
      },
      {
        template: "Closed socket connection for client <address> which had sessionid <session>",
        text: "Closed socket connection for client /10.20.1.13:49502 which had sessionid 0x14f05578bd80008",
      },
      {
        template: "Closed socket connection for client <address> which had sessionid <session>",
        text: "Closed socket connection for client /10.20.1.21:33108 which had sessionid 0x24f0557806a001c",
      },
      {
        template: "Closed socket connection for client <address> (no session established for client)",
        text: "Closed socket connection for client /10.20.1.13:49511 (no session established for client)",
      },
      {
        template: "Closed socket connection for client <address> (no session established for client)",
        text: "Closed socket connection for client /127.0.0.1:51010 (no session established for client)",
      },
      {
        template: "Client attempting to establish new session at <address>",
        text: "Client attempting to establish new session at /10.20.1.14:37766",
      },
      {
        template: "Client attempting to establish new session at <address>",
        text: "Client attempting to establish new session at /10.20.1.22:59012",
      },
      {
        template: "Client attempting to renew session <session> at <address>",
        text: "Client attempting to renew session 0x14f05578bd80008 at /10.20.1.13:49533",
      },
      {
        template: "Client attempting to renew session <session> at <address>",
        text: "Client attempting to renew session 0x34f0557885d0002 at /10.20.1.24:40118",
      },
      {
        template: "Established session <session> with negotiated timeout <n> for client <address>",
        text: "Established session 0x14f05578bd80011 with negotiated timeout 10000 for client /10.20.1.14:37766",
      },
      {
        template: "Established session <session> with negotiated timeout <n> for client <address>",
        text: "Established session 0x24f0557806a0021 with negotiated timeout 40000 for client /10.20.1.22:59012",
      },
      {
        template: "Expiring session <session>, timeout of <n>ms exceeded",
        text: "Expiring session 0x14f05578bd80008, timeout of 10000ms exceeded",
      },
      {
        template: "Expiring session <session>, timeout of <n>ms exceeded",
        text: "Expiring session 0x34f0557885d0002, timeout of 40000ms exceeded",
      },
      {
        template: "Processed session termination for sessionid: <session>",
        text: "Processed session termination for sessionid: 0x14f05578bd80008",
      },
      {
        template: "Processed session termination for sessionid: <session>",
        text: "Processed session termination for sessionid: 0x34f0557885d0002",
      },
      { template: "Notification time out: <n>", text: "Notification time out: 3200" },
      { template: "Notification time out: <n>", text: "Notification time out: 51200" },
      { template: "Notification time out: <n>", text: "Notification time out: 60000" },
      {
        template: "Cannot open channel to <n> at election address <address>",
        text: "Cannot open channel to 2 at election address /10.20.1.12:3888",
      },
      {
        template: "Cannot open channel to <n> at election address <address>",
        text: "Cannot open channel to 3 at election address /10.20.1.13:3888",
      },
      {
        template: "Connection broken for id <n>, my id = <n>, error =",
        text: "Connection broken for id 188978561024, my id = 1, error = ",
      },
      {
        template: "Connection broken for id <n>, my id = <n>, error =",
        text: "Connection broken for id 2, my id = 3, error = ",
      },
      {
        template: "Have smaller server identifier, so dropping the connection: (<n>, <n>)",
        text: "Have smaller server identifier, so dropping the connection: (3, 1)",
      },
      {
        template: "Have smaller server identifier, so dropping the connection: (<n>, <n>)",
        text: "Have smaller server identifier, so dropping the connection: (2, 1)",
      },
      {
        template: "Notification: <n> (n.leader), ... LOOKING (n.state) ... LOOKING (my state)",
        text: "Notification: 1 (n.leader), 0x100000002 (n.zxid), 0x1 (n.round), LOOKING (n.state), 1 (n.sid), 0x1 (n.peerEPoch), LOOKING (my state)",
      },
      {
        template: "Notification: <n> (n.leader), ... LOOKING (n.state) ... LOOKING (my state)",
        text: "Notification: 3 (n.leader), 0x2000001f4 (n.zxid), 0x4 (n.round), LOOKING (n.state), 2 (n.sid), 0x2 (n.peerEPoch), LOOKING (my state)",
      },
      {
        template: "Notification: <n> (n.leader), ... LOOKING (n.state) ... FOLLOWING (my state)",
        text: "Notification: 1 (n.leader), 0x100000002 (n.zxid), 0x1 (n.round), LOOKING (n.state), 1 (n.sid), 0x1 (n.peerEPoch), FOLLOWING (my state)",
      },
      {
        template: "Notification: <n> (n.leader), ... LOOKING (n.state) ... FOLLOWING (my state)",
        text: "Notification: 2 (n.leader), 0x3000000aa (n.zxid), 0x9 (n.round), LOOKING (n.state), 3 (n.sid), 0x3 (n.peerEPoch), FOLLOWING (my state)",
      },
      { template: "Send worker leaving thread", text: "Send worker leaving thread" },
      {
        template: "Interrupted while waiting for message on queue",
        text: "Interrupted while waiting for message on queue",
      },
      {
        template: "caught end of stream exception, session <session>",
        text: "caught end of stream exception: Unable to read additional data from client sessionid 0x14f05578bd80008, likely client has closed socket",
      },
      {
        template: "caught end of stream exception, session <session>",
        text: "caught end of stream exception: Unable to read additional data from client sessionid 0x24f0557806a001c, likely client has closed socket",
      },
      {
        template: "Snapshotting: <hex> to <path>",
        text: "Snapshotting: 0x200000421 to /var/lib/zookeeper/version-2/snapshot.200000421",
      },
      {
        template: "Snapshotting: <hex> to <path>",
        text: "Snapshotting: 0x3000000ab to /data/zk/version-2/snapshot.3000000ab",
      },
      {
        template: "Follower sid: <n> : info : <server>",
        text: "Follower sid: 2 : info : org.apache.zookeeper.server.quorum.QuorumPeer$QuorumServer@6a8814e9",
      },
      {
        template: "Follower sid: <n> : info : <server>",
        text: "Follower sid: 3 : info : org.apache.zookeeper.server.quorum.QuorumPeer$QuorumServer@1ce2dd4e",
      },
    ],
  },
  {
    name: "Hadoop",
    type: "hadoop",
    lines: [
      {
        template: "Progress of TaskAttempt <attempt> is : <n>",
        text: "Progress of TaskAttempt attempt_1445144423722_0020_m_000001_0 is : 0.1795899",
      },
      {
        template: "Progress of TaskAttempt <attempt> is : <n>",
        text: "Progress of TaskAttempt attempt_1445144423722_0020_m_000007_1 is : 1.0",
      },
      {
        template: "Progress of TaskAttempt <attempt> is : <n>",
        text: "Progress of TaskAttempt attempt_1451032214178_0003_r_000000_0 is : 0.06666667",
      },
      {
        template: "<attempt> TaskAttempt Transitioned from NEW to UNASSIGNED",
        text: "attempt_1445144423722_0020_m_000000_0 TaskAttempt Transitioned from NEW to UNASSIGNED",
      },
      {
        template: "<attempt> TaskAttempt Transitioned from NEW to UNASSIGNED",
        text: "attempt_1445144423722_0020_m_000009_0 TaskAttempt Transitioned from NEW to UNASSIGNED",
      },
      {
        template: "<attempt> TaskAttempt Transitioned from ASSIGNED to RUNNING",
        text: "attempt_1445144423722_0020_m_000000_0 TaskAttempt Transitioned from ASSIGNED to RUNNING",
      },
      {
        template: "<attempt> TaskAttempt Transitioned from ASSIGNED to RUNNING",
        text: "attempt_1451032214178_0003_r_000000_0 TaskAttempt Transitioned from ASSIGNED to RUNNING",
      },
      {
        template: "<task> Task Transitioned from RUNNING to SUCCEEDED",
        text: "task_1445144423722_0020_m_000001 Task Transitioned from RUNNING to SUCCEEDED",
      },
      {
        template: "<task> Task Transitioned from RUNNING to SUCCEEDED",
        text: "task_1451032214178_0003_m_000014 Task Transitioned from RUNNING to SUCCEEDED",
      },
      {
        template: "<job> Job Transitioned from INITED to SETUP",
        text: "job_1445144423722_0020Job Transitioned from INITED to SETUP",
      },
      {
        template: "<job> Job Transitioned from INITED to SETUP",
        text: "job_1451032214178_0003Job Transitioned from INITED to SETUP",
      },
      {
        template: "JVM with ID : <jvm> asked for a task",
        text: "JVM with ID : jvm_1445144423722_0020_m_000003 asked for a task",
      },
      {
        template: "JVM with ID : <jvm> asked for a task",
        text: "JVM with ID : jvm_1451032214178_0003_m_000011 asked for a task",
      },
      {
        template: "JVM with ID: <jvm> given task: <attempt>",
        text: "JVM with ID: jvm_1445144423722_0020_m_000003 given task: attempt_1445144423722_0020_m_000001_0",
      },
      {
        template: "JVM with ID: <jvm> given task: <attempt>",
        text: "JVM with ID: jvm_1451032214178_0003_m_000011 given task: attempt_1451032214178_0003_m_000009_0",
      },
      {
        template: "Recalculating schedule, headroom=<memory:<n>, vCores:<n>>",
        text: "Recalculating schedule, headroom=<memory:0, vCores:-27>",
      },
      {
        template: "Recalculating schedule, headroom=<memory:<n>, vCores:<n>>",
        text: "Recalculating schedule, headroom=<memory:4096, vCores:-3>",
      },
      {
        template: "Recalculating schedule, headroom=<memory:<n>, vCores:<n>>",
        text: "Recalculating schedule, headroom=<memory:12288, vCores:4>",
      },
      {
        template: "After Scheduling: PendingReds:<n> ...",
        text: "After Scheduling: PendingReds:1 ScheduledMaps:8 ScheduledReds:0 AssignedMaps:2 AssignedReds:0 CompletedMaps:0 CompletedReds:0 ContAlloc:2 ContRel:0 HostLocal:2 RackLocal:0",
      },
      {
        template: "After Scheduling: PendingReds:<n> ...",
        text: "After Scheduling: PendingReds:0 ScheduledMaps:0 ScheduledReds:1 AssignedMaps:10 AssignedReds:0 CompletedMaps:4 CompletedReds:0 ContAlloc:14 ContRel:1 HostLocal:11 RackLocal:3",
      },
      {
        template: "Address change detected. Old: <host>/<address> New: <host>:<port>",
        text: "Address change detected. Old: nn-1.prod.internal/10.20.3.41:9000 New: nn-1.prod.internal:9000",
      },
      {
        template: "Address change detected. Old: <host>/<address> New: <host>:<port>",
        text: "Address change detected. Old: nn-2.prod.internal/10.20.3.42:8020 New: nn-2.prod.internal:8020",
      },
      {
        template: "Retrying connect to server: <host>:<port>. Already tried <n> time(s)",
        text: "Retrying connect to server: nn-1.prod.internal:8020. Already tried 0 time(s); retry policy is RetryUpToMaximumCountWithFixedSleep(maxRetries=10, sleepTime=1000 MILLISECONDS)",
      },
      {
        template: "Retrying connect to server: <host>:<port>. Already tried <n> time(s)",
        text: "Retrying connect to server: nn-2.prod.internal:8020. Already tried 9 time(s); retry policy is RetryUpToMaximumCountWithFixedSleep(maxRetries=10, sleepTime=1000 MILLISECONDS)",
      },
      {
        template: "Assigned container <container> to <attempt>",
        text: "Assigned container container_1445144423722_0020_01_000002 to attempt_1445144423722_0020_m_000000_0",
      },
      {
        template: "Assigned container <container> to <attempt>",
        text: "Assigned container container_1451032214178_0003_02_000017 to attempt_1451032214178_0003_m_000014_0",
      },
      {
        template: "Received completed container <container>",
        text: "Received completed container container_1445144423722_0020_01_000002",
      },
      {
        template: "Received completed container <container>",
        text: "Received completed container container_e17_1451032214178_0003_02_000017",
      },
      { template: "KILLING <attempt>", text: "KILLING attempt_1445144423722_0020_m_000001_0" },
      { template: "KILLING <attempt>", text: "KILLING attempt_1451032214178_0003_r_000000_1" },
      {
        template: "Diagnostics report from <attempt>: Container killed by the ApplicationMaster.",
        text: "Diagnostics report from attempt_1445144423722_0020_m_000001_0: Container killed by the ApplicationMaster.",
      },
      {
        template: "Diagnostics report from <attempt>: Container killed by the ApplicationMaster.",
        text: "Diagnostics report from attempt_1451032214178_0003_r_000000_1: Container killed by the ApplicationMaster.",
      },
      { template: "ERROR IN CONTACTING RM.", text: "ERROR IN CONTACTING RM. " },
      {
        template: "Task: <attempt> - exited : java.net.NoRouteToHostException",
        text: "Task: attempt_1445144423722_0020_m_000005_0 - exited : java.net.NoRouteToHostException: No Route to Host from  node-7.prod.internal/10.20.3.57 to nn-1.prod.internal:9000 failed on socket timeout exception",
      },
      {
        template: "Task: <attempt> - exited : java.net.NoRouteToHostException",
        text: "Task: attempt_1451032214178_0003_m_000002_2 - exited : java.net.NoRouteToHostException: No Route to Host from  node-19.prod.internal/10.20.3.69 to nn-1.prod.internal:9000 failed on socket timeout exception",
      },
      {
        template: "fetcher#<n> about to shuffle output of map <attempt> decomp: <n> len: <n> to MEMORY",
        text: "fetcher#3 about to shuffle output of map attempt_1445144423722_0020_m_000003_0 decomp: 216985740 len: 216985744 to MEMORY",
      },
      {
        template: "fetcher#<n> about to shuffle output of map <attempt> decomp: <n> len: <n> to MEMORY",
        text: "fetcher#11 about to shuffle output of map attempt_1451032214178_0003_m_000008_0 decomp: 60515100 len: 60515104 to MEMORY",
      },
      {
        template: "Instantiated MRClientService at <host>/<address>",
        text: "Instantiated MRClientService at node-7.prod.internal/10.20.3.57:62260",
      },
      {
        template: "Instantiated MRClientService at <host>/<address>",
        text: "Instantiated MRClientService at node-19.prod.internal/10.20.3.69:50013",
      },
      { template: "Num completed Tasks: <n>", text: "Num completed Tasks: 1" },
      { template: "Num completed Tasks: <n>", text: "Num completed Tasks: 10" },
    ],
  },
  {
    name: "HDFS",
    type: "hdfs",
    lines: [
      {
        template: "Receiving block <block> src: <address> dest: <address>",
        text: "Receiving block blk_-1608999687919862906 src: /10.250.19.102:54106 dest: /10.250.19.102:50010",
      },
      {
        template: "Receiving block <block> src: <address> dest: <address>",
        text: "Receiving block blk_7503483334202473044 src: /10.251.215.16:55695 dest: /10.251.215.16:50010",
      },
      {
        template: "Receiving block <block> src: <address> dest: <address>",
        text: "Receiving block blk_38865049064139660 src: /10.250.10.6:40524 dest: /10.250.10.6:50010",
      },
      {
        template: "Received block <block> of size <n> from <ip>",
        text: "Received block blk_-1608999687919862906 of size 67108864 from /10.250.19.102",
      },
      {
        template: "Received block <block> of size <n> from <ip>",
        text: "Received block blk_8229193803249955061 of size 91178 from /10.251.43.21",
      },
      {
        template: "Received block <block> src: <address> dest: <address> of size <n>",
        text: "Received block blk_-5009020203888190378 src: /10.251.199.19:52622 dest: /10.251.199.19:50010 of size 67108864",
      },
      {
        template: "Received block <block> src: <address> dest: <address> of size <n>",
        text: "Received block blk_4292382298896622412 src: /10.250.11.53:60911 dest: /10.250.11.53:50010 of size 233217",
      },
      {
        template: "PacketResponder <n> for block <block> terminating",
        text: "PacketResponder 1 for block blk_-1608999687919862906 terminating",
      },
      {
        template: "PacketResponder <n> for block <block> terminating",
        text: "PacketResponder 0 for block blk_7503483334202473044 terminating",
      },
      {
        template: "PacketResponder <n> for block <block> terminating",
        text: "PacketResponder 2 for block blk_4292382298896622412 terminating",
      },
      {
        template: "PacketResponder <block> <n> Exception java.io.IOException: Broken pipe",
        text: "PacketResponder blk_-2827716238972737794 1 Exception java.io.IOException: Broken pipe",
      },
      {
        template: "PacketResponder <block> <n> Exception java.io.IOException: Broken pipe",
        text: "PacketResponder blk_5080254298708411681 0 Exception java.io.IOException: Broken pipe",
      },
      {
        template: "BLOCK* NameSystem.addStoredBlock: blockMap updated: <address> is added to <block> size <n>",
        text: "BLOCK* NameSystem.addStoredBlock: blockMap updated: 10.251.73.220:50010 is added to blk_7128370237687728475 size 67108864",
      },
      {
        template: "BLOCK* NameSystem.addStoredBlock: blockMap updated: <address> is added to <block> size <n>",
        text: "BLOCK* NameSystem.addStoredBlock: blockMap updated: 10.250.6.4:50010 is added to blk_-6952295868487656571 size 3542967",
      },
      {
        template: "BLOCK* NameSystem.allocateBlock: <path>. <block>",
        text: "BLOCK* NameSystem.allocateBlock: /user/root/rand/_temporary/_task_200811092030_0001_m_000590_0/part-00590. blk_-1727475099218615100",
      },
      {
        template: "BLOCK* NameSystem.allocateBlock: <path>. <block>",
        text: "BLOCK* NameSystem.allocateBlock: /user/ann/out/_temporary/_task_200811101024_0014_r_000017_0/part-00017. blk_2341122038116720047",
      },
      {
        template: "BLOCK* NameSystem.delete: <block> is added to invalidSet of <address>",
        text: "BLOCK* NameSystem.delete: blk_-8775602795571523802 is added to invalidSet of 10.251.71.193:50010",
      },
      {
        template: "BLOCK* NameSystem.delete: <block> is added to invalidSet of <address>",
        text: "BLOCK* NameSystem.delete: blk_5815145248455404269 is added to invalidSet of 10.250.13.188:50010",
      },
      {
        template: "BLOCK* ask <address> to replicate <block> to datanode(s) <address>",
        text: "BLOCK* ask 10.251.74.134:50010 to replicate blk_-3544583377289625738 to datanode(s) 10.250.15.198:50010",
      },
      {
        template: "BLOCK* ask <address> to replicate <block> to datanode(s) <address>",
        text: "BLOCK* ask 10.250.9.207:50010 to replicate blk_1611008012345678901 to datanode(s) 10.251.31.5:50010",
      },
      { template: "Verification succeeded for <block>", text: "Verification succeeded for blk_-4980916519894289629" },
      { template: "Verification succeeded for <block>", text: "Verification succeeded for blk_1781953582842324563" },
      {
        template: "Deleting block <block> file <path>",
        text: "Deleting block blk_1781953582842324563 file /mnt/hadoop/dfs/data/current/subdir5/blk_1781953582842324563",
      },
      {
        template: "Deleting block <block> file <path>",
        text: "Deleting block blk_-9016567407076718172 file /mnt/hadoop/dfs/data/current/blk_-9016567407076718172",
      },
      {
        template: "<address> Served block <block> to <ip>",
        text: "10.251.30.85:50010 Served block blk_-7724713468912166542 to /10.251.90.64",
      },
      {
        template: "<address> Served block <block> to <ip>",
        text: "10.250.14.38:50010 Served block blk_3888635850409849568 to /10.250.7.146",
      },
      {
        template: "<address>:Got exception while serving <block> to <ip>:",
        text: "10.251.30.85:50010:Got exception while serving blk_-2918118818249673980 to /10.251.90.64:",
      },
      {
        template: "<address>:Got exception while serving <block> to <ip>:",
        text: "10.250.5.161:50010:Got exception while serving blk_6996194389878584395 to /10.251.67.4:",
      },
      {
        template: "writeBlock <block> received exception java.io.IOException: Could not read from stream",
        text: "writeBlock blk_-3102267849859399193 received exception java.io.IOException: Could not read from stream",
      },
      {
        template: "writeBlock <block> received exception java.io.IOException: Could not read from stream",
        text: "writeBlock blk_7571492020523929240 received exception java.io.IOException: Could not read from stream",
      },
      {
        template: "writeBlock <block> received exception java.net.SocketTimeoutException",
        text: "writeBlock blk_-2126554733521224025 received exception java.net.SocketTimeoutException",
      },
      {
        template: "writeBlock <block> received exception java.net.SocketTimeoutException",
        text: "writeBlock blk_1102231200223344556 received exception java.net.SocketTimeoutException",
      },
      {
        template: "Starting thread to transfer block <block> to <address>",
        text: "Starting thread to transfer block blk_-3544583377289625738 to 10.250.15.198:50010",
      },
      {
        template: "Starting thread to transfer block <block> to <address>",
        text: "Starting thread to transfer block blk_1611008012345678901 to 10.251.31.5:50010",
      },
      {
        template: "Changing block file offset of block <block> from <n> to <n> meta file offset to <n>",
        text: "Changing block file offset of block blk_-5009020203888190378 from 0 to 62914560 meta file offset to 491527",
      },
      {
        template: "Changing block file offset of block <block> from <n> to <n> meta file offset to <n>",
        text: "Changing block file offset of block blk_38865049064139660 from 17 to 1024 meta file offset to 15",
      },
      {
        template: "Unexpected error trying to delete block <block>. BlockInfo not found in volumeMap.",
        text: "Unexpected error trying to delete block blk_-8775602795571523802. BlockInfo not found in volumeMap.",
      },
      {
        template: "Unexpected error trying to delete block <block>. BlockInfo not found in volumeMap.",
        text: "Unexpected error trying to delete block blk_5815145248455404269. BlockInfo not found in volumeMap.",
      },
    ],
  },
  {
    name: "Spark",
    type: "spark",
    lines: [
      {
        template: "Starting task <n> in stage <n> (TID <n>, <host>, partition <n>,NODE_LOCAL, <n> bytes)",
        text: "Starting task 4.0 in stage 0.0 (TID 4, node-7.prod.internal, partition 4,NODE_LOCAL, 2112 bytes)",
      },
      {
        template: "Starting task <n> in stage <n> (TID <n>, <host>, partition <n>,NODE_LOCAL, <n> bytes)",
        text: "Starting task 31.1 in stage 12.0 (TID 2041, node-19.prod.internal, partition 31,NODE_LOCAL, 1969 bytes)",
      },
      {
        template: "Starting task <n> in stage <n> (TID <n>, <host>, partition <n>,PROCESS_LOCAL, <n> bytes)",
        text: "Starting task 5.0 in stage 0.0 (TID 5, node-7.prod.internal, partition 5,PROCESS_LOCAL, 2130 bytes)",
      },
      {
        template: "Starting task <n> in stage <n> (TID <n>, <host>, partition <n>,PROCESS_LOCAL, <n> bytes)",
        text: "Starting task 0.0 in stage 3.0 (TID 120, node-2.prod.internal, partition 0,PROCESS_LOCAL, 5911 bytes)",
      },
      { template: "Running task <n> in stage <n> (TID <n>)", text: "Running task 1.0 in stage 3.0 (TID 121)" },
      { template: "Running task <n> in stage <n> (TID <n>)", text: "Running task 31.1 in stage 12.0 (TID 2041)" },
      {
        template: "Finished task <n> in stage <n> (TID <n>). <n> bytes result sent to driver",
        text: "Finished task 1.0 in stage 3.0 (TID 121). 2087 bytes result sent to driver",
      },
      {
        template: "Finished task <n> in stage <n> (TID <n>). <n> bytes result sent to driver",
        text: "Finished task 31.1 in stage 12.0 (TID 2041). 10411 bytes result sent to driver",
      },
      {
        template: "Finished task <n> in stage <n> (TID <n>) in <n> ms on <host> (<n>/<n>)",
        text: "Finished task 3.0 in stage 0.0 (TID 3) in 1520 ms on node-7.prod.internal (1/40)",
      },
      {
        template: "Finished task <n> in stage <n> (TID <n>) in <n> ms on <host> (<n>/<n>)",
        text: "Finished task 39.0 in stage 0.0 (TID 39) in 88 ms on node-12.prod.internal (40/40)",
      },
      {
        template: "Lost task <n> in stage <n> (TID <n>, <host>): java.io.IOException: Connection reset by peer",
        text: "Lost task 3.0 in stage 7.0 (TID 311, node-7.prod.internal): java.io.IOException: Connection reset by peer",
      },
      {
        template: "Lost task <n> in stage <n> (TID <n>, <host>): java.io.IOException: Connection reset by peer",
        text: "Lost task 12.2 in stage 9.1 (TID 404, node-19.prod.internal): java.io.IOException: Connection reset by peer",
      },
      { template: "Found block <block> locally", text: "Found block rdd_2_3 locally" },
      { template: "Found block <block> locally", text: "Found block rdd_42_17 locally" },
      {
        template: "Block <block> stored as values in memory (estimated size <size>, free <size>)",
        text: "Block broadcast_9 stored as values in memory (estimated size 8.8 KB, free 392.9 MB)",
      },
      {
        template: "Block <block> stored as values in memory (estimated size <size>, free <size>)",
        text: "Block broadcast_31 stored as values in memory (estimated size 1.2 MB, free 2.1 GB)",
      },
      {
        template: "Block <block> stored as bytes in memory (estimated size <size>, free <size>)",
        text: "Block broadcast_9_piece0 stored as bytes in memory (estimated size 5.2 KB, free 384.1 MB)",
      },
      {
        template: "Block <block> stored as bytes in memory (estimated size <size>, free <size>)",
        text: "Block broadcast_31_piece2 stored as bytes in memory (estimated size 311.0 B, free 2.1 GB)",
      },
      {
        template: "Removed <block> on <address> in memory (size: <size>, free: <size>)",
        text: "Removed broadcast_3_piece0 on 10.0.0.4:38211 in memory (size: 5.2 KB, free: 366.2 MB)",
      },
      {
        template: "Removed <block> on <address> in memory (size: <size>, free: <size>)",
        text: "Removed broadcast_17_piece0 on node-7.prod.internal:40001 in memory (size: 17.4 KB, free: 1.9 GB)",
      },
      { template: "Got assigned task <n>", text: "Got assigned task 12" },
      { template: "Got assigned task <n>", text: "Got assigned task 2041" },
      { template: "Reading broadcast variable <n> took <n> ms", text: "Reading broadcast variable 9 took 160 ms" },
      { template: "Reading broadcast variable <n> took <n> ms", text: "Reading broadcast variable 31 took 7 ms" },
      { template: "Input split: <url>", text: "Input split: hdfs://10.20.3.41:9000/logs/2024/shop.log:21876+7292" },
      { template: "Input split: <url>", text: "Input split: hdfs://10.20.3.41:9000/logs/2024/cart.log:0+134217728" },
      {
        template: "Saved output of task '<attempt>' to <url>",
        text: "Saved output of task 'attempt_201706092018_0024_m_000083_1138' to hdfs://10.20.3.41:9000/out/17/_temporary/0/task_201706092018_0024_m_000083",
      },
      {
        template: "Saved output of task '<attempt>' to <url>",
        text: "Saved output of task 'attempt_202401020304_0002_m_000004_9' to hdfs://10.20.3.41:9000/out/18/_temporary/0/task_202401020304_0002_m_000004",
      },
      {
        template: "Registered executor <endpoint> (<address>) with ID <n>",
        text: "Registered executor NettyRpcEndpointRef(spark-client://Executor) (10.0.0.4:51234) with ID 7",
      },
      {
        template: "Registered executor <endpoint> (<address>) with ID <n>",
        text: "Registered executor NettyRpcEndpointRef(spark-client://Executor) (10.0.0.9:40118) with ID 12",
      },
      {
        template:
          "Lost executor <n> on <host>: Container killed by YARN for exceeding memory limits. <size> of <size> physical memory used.",
        text: "Lost executor 7 on node-7.prod.internal: Container killed by YARN for exceeding memory limits. 5.5 GB of 5.5 GB physical memory used.",
      },
      {
        template:
          "Lost executor <n> on <host>: Container killed by YARN for exceeding memory limits. <size> of <size> physical memory used.",
        text: "Lost executor 31 on node-2.prod.internal: Container killed by YARN for exceeding memory limits. 11.1 GB of 11 GB physical memory used.",
      },
      {
        template: "Lost executor <n> on <host>: Remote RPC client disassociated.",
        text: "Lost executor 4 on node-7.prod.internal: Remote RPC client disassociated.",
      },
      {
        template: "Lost executor <n> on <host>: Remote RPC client disassociated.",
        text: "Lost executor 8 on node-9.prod.internal: Remote RPC client disassociated.",
      },
    ],
  },
  {
    name: "Linux",
    type: "syslog",
    lines: [
      {
        template: "Out of memory: Killed process <n> (<name java>)",
        text: "Out of memory: Killed process 4711 (java) total-vm:8123456kB, anon-rss:4021188kB, file-rss:0kB, shmem-rss:0kB, UID:1000 pgtables:9012kB oom_score_adj:0",
      },
      {
        template: "Out of memory: Killed process <n> (<name java>)",
        text: "Out of memory: Killed process 31902 (java) total-vm:16402112kB, anon-rss:12020404kB, file-rss:128kB, shmem-rss:0kB, UID:0 pgtables:24116kB oom_score_adj:500",
      },
      {
        template: "Out of memory: Killed process <n> (<name node>)",
        text: "Out of memory: Killed process 902 (node) total-vm:1123456kB, anon-rss:521188kB, file-rss:0kB, shmem-rss:0kB, UID:1000 pgtables:2012kB oom_score_adj:0",
      },
      {
        template: "Out of memory: Killed process <n> (<name node>)",
        text: "Out of memory: Killed process 17 (node) total-vm:2246912kB, anon-rss:1042376kB, file-rss:4kB, shmem-rss:0kB, UID:33 pgtables:4024kB oom_score_adj:0",
      },
      {
        template: "<name nginx>[<n>]: segfault at <hex> ip <hex> sp <hex> error <n> in <library>",
        text: "nginx[4711]: segfault at 18 ip 000055d4e2f3b9a8 sp 00007ffc1c0a1230 error 4 in nginx[55d4e2f00000+12c000]",
      },
      {
        template: "<name nginx>[<n>]: segfault at <hex> ip <hex> sp <hex> error <n> in <library>",
        text: "nginx[902]: segfault at 0 ip 0000561fa1b2c3d4 sp 00007fff0a9b8c70 error 4 in nginx[561fa1b00000+12c000]",
      },
      {
        template: "TCP: request_sock_TCP: Possible SYN flooding on port <n>. Sending cookies.",
        text: "TCP: request_sock_TCP: Possible SYN flooding on port 443. Sending cookies.  Check SNMP counters.",
      },
      {
        template: "TCP: request_sock_TCP: Possible SYN flooding on port <n>. Sending cookies.",
        text: "TCP: request_sock_TCP: Possible SYN flooding on port 8080. Sending cookies.  Check SNMP counters.",
      },
      {
        template: "Blocked by firewall",
        text: "[UFW BLOCK] IN=eth0 OUT= MAC=00:1b:44:11:3a:b7:00:0c:29:5e:66:f1:08:00 SRC=203.0.113.7 DST=10.0.0.17 LEN=40 TOS=0x00 PREC=0x00 TTL=244 ID=54321 PROTO=TCP SPT=51544 DPT=23 WINDOW=1024 RES=0x00 SYN URGP=0",
      },
      {
        template: "Blocked by firewall",
        text: "[UFW BLOCK] IN=eth0 OUT= MAC=00:1b:44:11:3a:b7:00:0c:29:5e:66:f1:08:00 SRC=198.51.100.23 DST=10.0.0.17 LEN=44 TOS=0x00 PREC=0x00 TTL=51 ID=0 PROTO=TCP SPT=40112 DPT=3389 WINDOW=65535 RES=0x00 SYN URGP=0",
      },
      { template: "(<user root>) CMD (<path>)", text: "(root) CMD (/usr/local/bin/backup-17)" },
      { template: "(<user root>) CMD (<path>)", text: "(root) CMD (/usr/lib64/sa/sa1)" },
      {
        template: "DHCPREQUEST on eth0 to <ip> port <n> (xid=<hex>)",
        text: "DHCPREQUEST on eth0 to 192.168.1.1 port 67 (xid=0x5f2a91c3)",
      },
      {
        template: "DHCPREQUEST on eth0 to <ip> port <n> (xid=<hex>)",
        text: "DHCPREQUEST on eth0 to 10.0.0.1 port 67 (xid=0x17bb04de)",
      },
      {
        template: "bound to <ip> -- renewal in <n> seconds.",
        text: "bound to 192.168.1.40 -- renewal in 1433 seconds.",
      },
      { template: "bound to <ip> -- renewal in <n> seconds.", text: "bound to 10.0.0.17 -- renewal in 40118 seconds." },
      { template: "Started Session <n> of user <user deploy>.", text: "Started Session 1701 of user deploy." },
      { template: "Started Session <n> of user <user deploy>.", text: "Started Session 4 of user deploy." },
      {
        template: "app.service: Main process exited, code=exited, status=1/FAILURE",
        text: "app.service: Main process exited, code=exited, status=1/FAILURE",
      },
      {
        template: "app.service: Main process exited, code=exited, status=137/n/a",
        text: "app.service: Main process exited, code=exited, status=137/n/a",
      },
      {
        template: "app.service: Main process exited, code=killed, status=9/KILL",
        text: "app.service: Main process exited, code=killed, status=9/KILL",
      },
      {
        template: "app.service: Scheduled restart job, restart counter is at <n>.",
        text: "app.service: Scheduled restart job, restart counter is at 1.",
      },
      {
        template: "app.service: Scheduled restart job, restart counter is at <n>.",
        text: "app.service: Scheduled restart job, restart counter is at 204.",
      },
      {
        template: "connection from <ip> () at <date>",
        text: "connection from 203.0.113.7 () at Wed Jan  3 03:04:05 2024",
      },
      {
        template: "connection from <ip> () at <date>",
        text: "connection from 198.51.100.23 () at Sat Nov 23 14:40:59 2024",
      },
      {
        template: "ANONYMOUS FTP LOGIN FROM <ip>, (anonymous)",
        text: "ANONYMOUS FTP LOGIN FROM 203.0.113.54, (anonymous)",
      },
      {
        template: "ANONYMOUS FTP LOGIN FROM <ip>, (anonymous)",
        text: "ANONYMOUS FTP LOGIN FROM 192.0.2.130, (anonymous)",
      },
      { template: "synchronized to <ip>, stratum <n>", text: "synchronized to 192.0.2.123, stratum 2" },
      { template: "synchronized to <ip>, stratum <n>", text: "synchronized to 10.0.0.123, stratum 3" },
      {
        template: "EXT4-fs error: deleted inode referenced",
        text: "EXT4-fs error (device sda1): ext4_lookup:1602: inode #131073: comm rsync: deleted inode referenced: 131099",
      },
      {
        template: "EXT4-fs error: deleted inode referenced",
        text: "EXT4-fs error (device sda1): ext4_lookup:1602: inode #2621441: comm rsync: deleted inode referenced: 2621470",
      },
      {
        template: "perf: interrupt took too long (<n> > <n>)",
        text: "perf: interrupt took too long (2511 > 2500), lowering kernel.perf_event_max_sample_rate to 79500",
      },
      {
        template: "perf: interrupt took too long (<n> > <n>)",
        text: "perf: interrupt took too long (4917 > 4908), lowering kernel.perf_event_max_sample_rate to 40500",
      },
      { template: "INFO: task blocked", text: "INFO: task jbd2/sda1-8:241 blocked for more than 120 seconds." },
      { template: "INFO: task blocked", text: "INFO: task jbd2/sda1-8:377 blocked for more than 241 seconds." },
      {
        template: 'error: skipping "<path>" because parent directory has insecure permissions',
        text: 'error: skipping "/var/log/app/17.log" because parent directory has insecure permissions',
      },
      {
        template: 'error: skipping "<path>" because parent directory has insecure permissions',
        text: 'error: skipping "/var/log/shop/cart.log" because parent directory has insecure permissions',
      },
    ],
  },
  {
    name: "nginx",
    type: "nginx",
    lines: [
      {
        template: "open() failed (2: No such file or directory)",
        text: 'open() "/usr/share/nginx/html/favicon.ico" failed (2: No such file or directory), client: 203.0.113.7, server: example.com, request: "GET /favicon.ico HTTP/1.1", host: "example.com"',
      },
      {
        template: "open() failed (2: No such file or directory)",
        text: 'open() "/usr/share/nginx/html/.env" failed (2: No such file or directory), client: 198.51.100.23, server: example.com, request: "GET /.env HTTP/1.1", host: "203.0.113.1"',
      },
      {
        template: "open() failed (2: No such file or directory)",
        text: 'open() "/srv/shop/img/17.png" failed (2: No such file or directory), client: 192.0.2.88, server: example.com, request: "GET /img/17.png?v=3 HTTP/1.1", host: "www.example.com"',
      },
      {
        template: "open() failed (13: Permission denied)",
        text: 'open() "/srv/shop/private/17.pdf" failed (13: Permission denied), client: 203.0.113.7, server: example.com, request: "GET /private/17.pdf HTTP/1.1", host: "example.com"',
      },
      {
        template: "open() failed (13: Permission denied)",
        text: 'open() "/srv/shop/private/plan.pdf" failed (13: Permission denied), client: 192.0.2.11, server: example.com, request: "GET /private/plan.pdf HTTP/1.1", host: "example.com"',
      },
      {
        template: "connect() failed (111: Connection refused)",
        text: 'connect() failed (111: Connection refused) while connecting to upstream, client: 203.0.113.7, server: example.com, request: "GET /orders/17 HTTP/1.1", upstream: "http://10.0.0.5:8080/orders/17", host: "example.com"',
      },
      {
        template: "connect() failed (111: Connection refused)",
        text: 'connect() failed (111: Connection refused) while connecting to upstream, client: 198.51.100.4, server: example.com, request: "POST /cart HTTP/2.0", upstream: "http://10.0.0.6:8080/cart", host: "example.com"',
      },
      {
        template: "upstream timed out (110: Connection timed out) while reading response header",
        text: 'upstream timed out (110: Connection timed out) while reading response header from upstream, client: 203.0.113.7, server: example.com, request: "GET /report?from=2024-01-02 HTTP/1.1", upstream: "http://10.0.0.5:8080/report?from=2024-01-02", host: "example.com"',
      },
      {
        template: "upstream timed out (110: Connection timed out) while reading response header",
        text: 'upstream timed out (110: Connection timed out) while reading response header from upstream, client: 192.0.2.19, server: example.com, request: "GET /export/17 HTTP/1.1", upstream: "http://10.0.0.7:8080/export/17", host: "example.com"',
      },
      {
        template: "upstream timed out (110: Connection timed out) while connecting",
        text: 'upstream timed out (110: Connection timed out) while connecting to upstream, client: 203.0.113.8, server: example.com, request: "GET /orders/17 HTTP/1.1", upstream: "http://10.0.0.5:8080/orders/17", host: "example.com"',
      },
      {
        template: "upstream timed out (110: Connection timed out) while connecting",
        text: 'upstream timed out (110: Connection timed out) while connecting to upstream, client: 198.51.100.9, server: example.com, request: "GET /orders/18 HTTP/1.1", upstream: "http://10.0.0.6:8080/orders/18", host: "example.com"',
      },
      {
        template: "upstream prematurely closed connection",
        text: 'upstream prematurely closed connection while reading response header from upstream, client: 203.0.113.7, server: example.com, request: "POST /orders HTTP/1.1", upstream: "http://127.0.0.1:3000/orders", host: "example.com"',
      },
      {
        template: "upstream prematurely closed connection",
        text: 'upstream prematurely closed connection while reading response header from upstream, client: 2001:db8::17, server: example.com, request: "GET /orders/99 HTTP/1.1", upstream: "http://127.0.0.1:3001/orders/99", host: "example.com"',
      },
      {
        template: "client intended to send too large body: <n> bytes",
        text: 'client intended to send too large body: 10485761 bytes, client: 203.0.113.7, server: example.com, request: "POST /upload HTTP/1.1", host: "example.com"',
      },
      {
        template: "client intended to send too large body: <n> bytes",
        text: 'client intended to send too large body: 73400320 bytes, client: 192.0.2.88, server: example.com, request: "POST /upload/17 HTTP/1.1", host: "example.com"',
      },
      {
        template: 'limiting requests, excess: <n> by zone "api"',
        text: 'limiting requests, excess: 20.480 by zone "api", client: 203.0.113.7, server: example.com, request: "GET /api/orders HTTP/1.1", host: "example.com"',
      },
      {
        template: 'limiting requests, excess: <n> by zone "api"',
        text: 'limiting requests, excess: 5.012 by zone "api", client: 198.51.100.77, server: example.com, request: "GET /api/users/17 HTTP/1.1", host: "example.com"',
      },
      {
        template: "SSL_do_handshake() failed (bad key share)",
        text: "SSL_do_handshake() failed (SSL: error:0A00006C:SSL routines::bad key share) while SSL handshaking, client: 203.0.113.99, server: 0.0.0.0:443",
      },
      {
        template: "SSL_do_handshake() failed (bad key share)",
        text: "SSL_do_handshake() failed (SSL: error:0A00006C:SSL routines::bad key share) while SSL handshaking, client: 198.51.100.12, server: 0.0.0.0:443",
      },
      {
        template: "SSL_do_handshake() failed (unsupported protocol)",
        text: "SSL_do_handshake() failed (SSL: error:0A000102:SSL routines::unsupported protocol) while SSL handshaking, client: 203.0.113.99, server: 0.0.0.0:443",
      },
      {
        template: "SSL_do_handshake() failed (unsupported protocol)",
        text: "SSL_do_handshake() failed (SSL: error:0A000102:SSL routines::unsupported protocol) while SSL handshaking, client: 192.0.2.61, server: 0.0.0.0:443",
      },
      { template: "<n> worker_connections are not enough", text: "1024 worker_connections are not enough" },
      { template: "<n> worker_connections are not enough", text: "768 worker_connections are not enough" },
      {
        template: 'directory index of "<path>" is forbidden',
        text: 'directory index of "/srv/shop/" is forbidden, client: 203.0.113.7, server: example.com, request: "GET / HTTP/1.1", host: "203.0.113.1"',
      },
      {
        template: 'directory index of "<path>" is forbidden',
        text: 'directory index of "/srv/shop/img/" is forbidden, client: 192.0.2.3, server: example.com, request: "GET /img/ HTTP/1.1", host: "example.com"',
      },
      {
        template: "worker process <n> exited on signal 11",
        text: "worker process 4711 exited on signal 11 (core dumped)",
      },
      {
        template: "worker process <n> exited on signal 11",
        text: "worker process 31902 exited on signal 11 (core dumped)",
      },
      { template: "worker process <n> exited on signal 9", text: "worker process 4712 exited on signal 9" },
      { template: "worker process <n> exited on signal 9", text: "worker process 88 exited on signal 9" },
      {
        template: "bind() to <address> failed (98: Address already in use)",
        text: "bind() to 0.0.0.0:80 failed (98: Address already in use)",
      },
      {
        template: "bind() to <address> failed (98: Address already in use)",
        text: "bind() to 0.0.0.0:8443 failed (98: Address already in use)",
      },
      {
        template: "a client request body is buffered to a temporary file <path>",
        text: 'a client request body is buffered to a temporary file /var/cache/nginx/client_temp/0000000017, client: 203.0.113.7, server: example.com, request: "POST /upload HTTP/1.1", host: "example.com"',
      },
      {
        template: "a client request body is buffered to a temporary file <path>",
        text: 'a client request body is buffered to a temporary file /var/cache/nginx/client_temp/0000002041, client: 192.0.2.88, server: example.com, request: "POST /upload/18 HTTP/1.1", host: "example.com"',
      },
    ],
  },
  {
    name: "PostgreSQL server",
    type: "postgres",
    lines: [
      { template: "connection received: host=<ip> port=<n>", text: "connection received: host=10.0.0.17 port=51234" },
      { template: "connection received: host=<ip> port=<n>", text: "connection received: host=10.0.3.2 port=40118" },
      {
        template: "connection authorized: user=<user app> database=shop",
        text: "connection authorized: user=app database=shop SSL enabled (protocol=TLSv1.3, cipher=TLS_AES_256_GCM_SHA384, bits=256)",
      },
      {
        template: "disconnection: session time: <duration>",
        text: "disconnection: session time: 0:00:12.345 user=app database=shop host=10.0.0.17 port=51234",
      },
      {
        template: "disconnection: session time: <duration>",
        text: "disconnection: session time: 11:04:00.017 user=app database=shop host=10.0.3.2 port=40118",
      },
      {
        template: "duration: <n> ms  statement: SELECT orders",
        text: "duration: 1523.221 ms  statement: SELECT * FROM orders WHERE id = 17",
      },
      {
        template: "duration: <n> ms  statement: SELECT orders",
        text: "duration: 30117.004 ms  statement: SELECT * FROM orders WHERE id = 90210",
      },
      {
        template: "duration: <n> ms  statement: DELETE sessions",
        text: "duration: 2011.500 ms  statement: DELETE FROM sessions WHERE seen < '2024-01-02 03:04:05'",
      },
      {
        template: "duration: <n> ms  statement: DELETE sessions",
        text: "duration: 1044.902 ms  statement: DELETE FROM sessions WHERE seen < '2024-11-23 14:40:59'",
      },
      { template: "checkpoint starting: time", text: "checkpoint starting: time" },
      { template: "checkpoint starting: wal", text: "checkpoint starting: wal" },
      {
        template: "checkpoint complete: wrote <n> buffers",
        text: "checkpoint complete: wrote 123 buffers (0.8%); 0 WAL file(s) added, 0 removed, 1 recycled; write=12.301 s, sync=0.004 s, total=12.322 s; sync files=31, longest=0.002 s, average=0.001 s; distance=9021 kB, estimate=16384 kB",
      },
      {
        template: "checkpoint complete: wrote <n> buffers",
        text: "checkpoint complete: wrote 10411 buffers (63.5%); 0 WAL file(s) added, 2 removed, 33 recycled; write=269.988 s, sync=1.113 s, total=271.204 s; sync files=402, longest=0.310 s, average=0.003 s; distance=541113 kB, estimate=541113 kB",
      },
      {
        template: "checkpoints are occurring too frequently (<n> seconds apart)",
        text: "checkpoints are occurring too frequently (17 seconds apart)",
      },
      {
        template: "checkpoints are occurring too frequently (<n> seconds apart)",
        text: "checkpoints are occurring too frequently (9 seconds apart)",
      },
      {
        template: "process <n> still waiting for ShareLock on transaction <n> after <n> ms",
        text: "process 4711 still waiting for ShareLock on transaction 8812 after 1000.123 ms",
      },
      {
        template: "process <n> still waiting for ShareLock on transaction <n> after <n> ms",
        text: "process 902 still waiting for ShareLock on transaction 1204417 after 1000.041 ms",
      },
      {
        template: "process <n> acquired ShareLock on transaction <n> after <n> ms",
        text: "process 4711 acquired ShareLock on transaction 8812 after 4211.901 ms",
      },
      {
        template: "process <n> acquired ShareLock on transaction <n> after <n> ms",
        text: "process 902 acquired ShareLock on transaction 1204417 after 1733.020 ms",
      },
      {
        template:
          "process <n> still waiting for ExclusiveLock on tuple (<n>,<n>) of relation <n> of database <n> after <n> ms",
        text: "process 4711 still waiting for ExclusiveLock on tuple (17,4) of relation 16402 of database 16384 after 1000.077 ms",
      },
      {
        template:
          "process <n> still waiting for ExclusiveLock on tuple (<n>,<n>) of relation <n> of database <n> after <n> ms",
        text: "process 31902 still waiting for ExclusiveLock on tuple (2041,31) of relation 16577 of database 16384 after 1000.102 ms",
      },
      {
        template: 'temporary file: path "<path>", size <n>',
        text: 'temporary file: path "base/pgsql_tmp/pgsql_tmp4711.0", size 14221312',
      },
      {
        template: 'temporary file: path "<path>", size <n>',
        text: 'temporary file: path "base/pgsql_tmp/pgsql_tmp31902.17", size 1073741824',
      },
      {
        template: 'automatic vacuum of table "shop.public.orders"',
        text: 'automatic vacuum of table "shop.public.orders": index scans: 1, pages: 0 removed, 4021 remain, tuples: 204 removed, 90210 remain',
      },
      {
        template: 'automatic vacuum of table "shop.public.orders"',
        text: 'automatic vacuum of table "shop.public.orders": index scans: 0, pages: 17 removed, 4004 remain, tuples: 5 removed, 91004 remain',
      },
      {
        template: 'automatic vacuum of table "shop.public.users"',
        text: 'automatic vacuum of table "shop.public.users": index scans: 1, pages: 0 removed, 40 remain, tuples: 3 removed, 1201 remain',
      },
      {
        template: 'automatic vacuum of table "shop.public.users"',
        text: 'automatic vacuum of table "shop.public.users": index scans: 1, pages: 2 removed, 38 remain, tuples: 11 removed, 1190 remain',
      },
      {
        template: "server process (PID <n>) was terminated by signal 9: Killed",
        text: "server process (PID 4711) was terminated by signal 9: Killed",
      },
      {
        template: "server process (PID <n>) was terminated by signal 9: Killed",
        text: "server process (PID 902) was terminated by signal 9: Killed",
      },
      {
        template: "server process (PID <n>) was terminated by signal 11: Segmentation fault",
        text: "server process (PID 4713) was terminated by signal 11: Segmentation fault",
      },
      {
        template: "server process (PID <n>) was terminated by signal 11: Segmentation fault",
        text: "server process (PID 31902) was terminated by signal 11: Segmentation fault",
      },
      {
        template: "invalid record length at <position>: wanted <n>, got <n>",
        text: "invalid record length at 0/3000108: wanted 24, got 0",
      },
      {
        template: "invalid record length at <position>: wanted <n>, got <n>",
        text: "invalid record length at 1A/C4F01E28: wanted 24, got 0",
      },
      {
        template: "started streaming WAL from primary at <position> on timeline <n>",
        text: "started streaming WAL from primary at 0/5000000 on timeline 1",
      },
      {
        template: "started streaming WAL from primary at <position> on timeline <n>",
        text: "started streaming WAL from primary at 1A/C4000000 on timeline 3",
      },
      {
        template: "requested WAL segment <segment> has already been removed",
        text: "requested WAL segment 000000010000000000000003 has already been removed",
      },
      {
        template: "requested WAL segment <segment> has already been removed",
        text: "requested WAL segment 000000030000001A000000C4 has already been removed",
      },
      {
        template: "could not receive data from client: Connection reset by peer",
        text: "could not receive data from client: Connection reset by peer",
      },
      {
        template: 'no pg_hba.conf entry for host "<ip>"',
        text: 'no pg_hba.conf entry for host "203.0.113.7", user "app", database "shop", no encryption',
      },
      {
        template: 'no pg_hba.conf entry for host "<ip>"',
        text: 'no pg_hba.conf entry for host "10.0.9.4", user "app", database "shop", no encryption',
      },
    ],
  },
  {
    name: "OpenSSH: other lines",
    type: "OpenSSH",
    lines: [
      { template: "Invalid user <*> from <*>", text: "Invalid user 0101 from 203.0.113.9" },
      { template: "Invalid user <*> from <*>", text: "Invalid user 1234 from 198.51.100.7" },
      { template: "Connection closed by <*> [preauth]", text: "Connection closed by 203.0.113.9 [preauth]" },
      { template: "Connection closed by <*> [preauth]", text: "Connection closed by 2001:db8::1 [preauth]" },
      {
        template: "Connection reset by <*> port <*> [preauth]",
        text: "Connection reset by 203.0.113.9 port 4022 [preauth]",
      },
      {
        template: "Connection reset by <*> port <*> [preauth]",
        text: "Connection reset by 198.51.100.4 port 50112 [preauth]",
      },
      {
        template: "Received disconnect from <*>: Bye Bye [preauth]",
        text: "Received disconnect from 203.0.113.9: 11: Bye Bye [preauth]",
      },
      {
        template: "Received disconnect from <*>: Bye Bye [preauth]",
        text: "Received disconnect from 198.51.100.3: 11: Bye Bye [preauth]",
      },
      {
        template: "Received disconnect from <*>: disconnected by user",
        text: "Received disconnect from 203.0.113.9: 11: disconnected by user",
      },
      {
        template: "Received disconnect from <*>: disconnected by user",
        text: "Received disconnect from 198.51.100.3: 11: disconnected by user",
      },
      {
        template: "error: Received disconnect from <*>: com.jcraft.jsch.JSchException: Auth fail [preauth]",
        text: "error: Received disconnect from 203.0.113.9: 3: com.jcraft.jsch.JSchException: Auth fail [preauth]",
      },
      {
        template: "error: Received disconnect from <*>: com.jcraft.jsch.JSchException: Auth fail [preauth]",
        text: "error: Received disconnect from 198.51.100.77: 3: com.jcraft.jsch.JSchException: Auth fail [preauth]",
      },
      {
        template: "Did not receive identification string from <*>",
        text: "Did not receive identification string from 203.0.113.9",
      },
      {
        template: "Did not receive identification string from <*>",
        text: "Did not receive identification string from 198.51.100.9",
      },
      {
        template: "Bad protocol version identification <*> from <*> port <*>",
        text: "Bad protocol version identification 'GET / HTTP/1.1' from 203.0.113.9 port 4022",
      },
      {
        template: "Bad protocol version identification <*> from <*> port <*>",
        text: "Bad protocol version identification '\\003' from 198.51.100.9 port 60000",
      },
      {
        template:
          "pam_unix(sshd:auth): authentication failure; logname= uid=<*> euid=<*> tty=ssh ruser= rhost=<*> user=root",
        text: "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=203.0.113.9  user=root",
      },
      {
        template:
          "pam_unix(sshd:auth): authentication failure; logname= uid=<*> euid=<*> tty=ssh ruser= rhost=<*> user=root",
        text: "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=host-7.example.com  user=root",
      },
      {
        template: "pam_unix(sshd:auth): check pass; user unknown",
        text: "pam_unix(sshd:auth): check pass; user unknown",
      },
      {
        template: "PAM <*> more authentication failures; logname= uid=<*> euid=<*> tty=ssh ruser= rhost=<*> user=root",
        text: "PAM 5 more authentication failures; logname= uid=0 euid=0 tty=ssh ruser= rhost=203.0.113.9  user=root",
      },
      {
        template: "PAM <*> more authentication failures; logname= uid=<*> euid=<*> tty=ssh ruser= rhost=<*> user=root",
        text: "PAM 4 more authentication failures; logname= uid=0 euid=0 tty=ssh ruser= rhost=198.51.100.2  user=root",
      },
      {
        template: "reverse mapping checking getaddrinfo for <*> [<*>] failed - POSSIBLE BREAK-IN ATTEMPT!",
        text: "reverse mapping checking getaddrinfo for customer-187-141-143-180.example.net [203.0.113.9] failed - POSSIBLE BREAK-IN ATTEMPT!",
      },
      {
        template: "reverse mapping checking getaddrinfo for <*> [<*>] failed - POSSIBLE BREAK-IN ATTEMPT!",
        text: "reverse mapping checking getaddrinfo for static.vnpt.example.net [198.51.100.9] failed - POSSIBLE BREAK-IN ATTEMPT!",
      },
      {
        template: "Disconnecting: Too many authentication failures for root [preauth]",
        text: "Disconnecting: Too many authentication failures for root [preauth]",
      },
      {
        template: "Accepted publickey for git from <*> port <*> ssh2: RSA SHA256:<*>",
        text: "Accepted publickey for git from 203.0.113.9 port 4022 ssh2: RSA SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8",
      },
      {
        template: "Accepted publickey for git from <*> port <*> ssh2: RSA SHA256:<*>",
        text: "Accepted publickey for git from 198.51.100.9 port 50022 ssh2: RSA SHA256:Zk3mQ0x8yT1uV5wB7nC9pL2oR4sD6fG8hJ0kM1qW3eE",
      },
      {
        template: "fatal: Write failed: Connection reset by peer [preauth]",
        text: "fatal: Write failed: Connection reset by peer [preauth]",
      },
      { template: "Server listening on <*> port <*>.", text: "Server listening on 0.0.0.0 port 22." },
      { template: "Server listening on <*> port <*>.", text: "Server listening on :: port 2222." },
      {
        template:
          "Unable to negotiate with <*> port <*>: no matching key exchange method found. Their offer: diffie-hellman-group14-sha1 [preauth]",
        text: "Unable to negotiate with 203.0.113.9 port 4022: no matching key exchange method found. Their offer: diffie-hellman-group14-sha1 [preauth]",
      },
      {
        template:
          "Unable to negotiate with <*> port <*>: no matching key exchange method found. Their offer: diffie-hellman-group14-sha1 [preauth]",
        text: "Unable to negotiate with 198.51.100.1 port 33: no matching key exchange method found. Their offer: diffie-hellman-group14-sha1 [preauth]",
      },
      {
        template: "dispatch_protocol_error: type <*> seq <*> [preauth]",
        text: "dispatch_protocol_error: type 90 seq 5 [preauth]",
      },
      {
        template: "dispatch_protocol_error: type <*> seq <*> [preauth]",
        text: "dispatch_protocol_error: type 90 seq 12 [preauth]",
      },
    ],
  },
  {
    name: "Apache: other lines",
    type: "Apache",
    lines: [
      {
        template: "jk2_init() Found child <*> in scoreboard slot <*>",
        text: "jk2_init() Found child 6725 in scoreboard slot 10",
      },
      {
        template: "jk2_init() Found child <*> in scoreboard slot <*>",
        text: "jk2_init() Found child 999 in scoreboard slot 6",
      },
      { template: "workerEnv.init() ok <*>", text: "workerEnv.init() ok /etc/httpd/conf/workers2.properties" },
      { template: "workerEnv.init() ok <*>", text: "workerEnv.init() ok /opt/a/workers2.properties" },
      { template: "mod_jk child workerEnv in error state <*>", text: "mod_jk child workerEnv in error state 6" },
      { template: "mod_jk child workerEnv in error state <*>", text: "mod_jk child workerEnv in error state 7" },
      {
        template: "[client <*>] Directory index forbidden by rule: <*>",
        text: "[client 203.0.113.9] Directory index forbidden by rule: /var/www/html/",
      },
      {
        template: "[client <*>] Directory index forbidden by rule: <*>",
        text: "[client 198.51.100.1] Directory index forbidden by rule: /srv/x/",
      },
      {
        template: "jk2_init() Can't find child <*> in scoreboard",
        text: "jk2_init() Can't find child 1566 in scoreboard",
      },
      {
        template: "jk2_init() Can't find child <*> in scoreboard",
        text: "jk2_init() Can't find child 7 in scoreboard",
      },
      { template: "mod_jk child init <*>", text: "mod_jk child init 1 -2" },
      { template: "mod_jk child init <*>", text: "mod_jk child init 1 0" },
      {
        template: "[client <*>] AH01630: client denied by server configuration: <*>",
        text: "[client 203.0.113.9:51000] AH01630: client denied by server configuration: /var/www/html/.htaccess",
      },
      {
        template: "[client <*>] AH01630: client denied by server configuration: <*>",
        text: "[client 198.51.100.1:443] AH01630: client denied by server configuration: /var/www/x",
      },
      {
        template:
          "[client <*>] AH00124: Request exceeded the limit of <*> internal redirects due to probable configuration error. Use <*> to increase the limit if necessary. Use <*> to get a backtrace., referer: <*>",
        text: "[client 203.0.113.9:51000] AH00124: Request exceeded the limit of 10 internal redirects due to probable configuration error. Use 'LimitInternalRecursion' to increase the limit if necessary. Use 'LogLevel debug' to get a backtrace., referer: https://shop.test/a",
      },
      {
        template:
          "[client <*>] AH00124: Request exceeded the limit of <*> internal redirects due to probable configuration error. Use <*> to increase the limit if necessary. Use <*> to get a backtrace., referer: <*>",
        text: "[client 198.51.100.9:51000] AH00124: Request exceeded the limit of 10 internal redirects due to probable configuration error. Use 'LimitInternalRecursion' to increase the limit if necessary. Use 'LogLevel debug' to get a backtrace., referer: https://shop.test/bb",
      },
      {
        template: "AH00112: Warning: DocumentRoot [<*>] does not exist",
        text: "AH00112: Warning: DocumentRoot [/var/www/x] does not exist",
      },
      {
        template: "AH00112: Warning: DocumentRoot [<*>] does not exist",
        text: "AH00112: Warning: DocumentRoot [/srv/www/site-2] does not exist",
      },
      {
        template: "[client <*>] script <*> not found or unable to stat",
        text: "[client 203.0.113.9:5] script '/var/www/html/wp-login.php' not found or unable to stat",
      },
      {
        template: "[client <*>] script <*> not found or unable to stat",
        text: "[client 203.0.113.19:5] script '/var/www/html/xmlrpc.php' not found or unable to stat",
      },
      {
        template: "AH00052: child pid <*> exit signal Segmentation fault (<*>)",
        text: "AH00052: child pid 1234 exit signal Segmentation fault (11)",
      },
      {
        template: "AH00052: child pid <*> exit signal Segmentation fault (<*>)",
        text: "AH00052: child pid 99 exit signal Segmentation fault (11)",
      },
      {
        template: "AH00052: child pid <*> exit signal Aborted (<*>)",
        text: "AH00052: child pid 1234 exit signal Aborted (6)",
      },
      {
        template: "[client <*>] File does not exist: <*>",
        text: "[client 203.0.113.9] File does not exist: /var/www/html/scripts",
      },
      {
        template: "[client <*>] File does not exist: <*>",
        text: "[client 203.0.113.10] File does not exist: /var/www/html/favicon.ico",
      },
      {
        template: "[client <*>] Invalid URI in request GET <*> HTTP/1.0",
        text: "[client 203.0.113.9] Invalid URI in request GET /../../etc/passwd HTTP/1.0",
      },
      {
        template: "[client <*>] Invalid URI in request GET <*> HTTP/1.0",
        text: "[client 203.0.113.9] Invalid URI in request GET /../x HTTP/1.0",
      },
      {
        template: "server reached MaxRequestWorkers setting, consider raising the MaxRequestWorkers setting",
        text: "server reached MaxRequestWorkers setting, consider raising the MaxRequestWorkers setting",
      },
    ],
  },
  {
    name: "Zookeeper: other lines",
    type: "Zookeeper",
    lines: [
      { template: "Received connection request <*>", text: "Received connection request /10.10.34.11:45307" },
      { template: "Received connection request <*>", text: "Received connection request /10.10.34.13:37177" },
      {
        template: "Established session <*> with negotiated timeout <*> for client <*>",
        text: "Established session 0x14f05578bd80006 with negotiated timeout 10000 for client /10.10.34.11:42560",
      },
      {
        template: "Established session <*> with negotiated timeout <*> for client <*>",
        text: "Established session 0x24ed93111f20015 with negotiated timeout 6000 for client /10.10.34.20:1",
      },
      {
        template: "Closed socket connection for client <*> which had sessionid <*>",
        text: "Closed socket connection for client /10.10.34.11:42560 which had sessionid 0x14f05578bd80006",
      },
      {
        template: "Closed socket connection for client <*> which had sessionid <*>",
        text: "Closed socket connection for client /10.10.34.12:5 which had sessionid 0x24ed93111f20015",
      },
      {
        template: "Closed socket connection for client <*> (no session established for client)",
        text: "Closed socket connection for client /10.10.34.11:42560 (no session established for client)",
      },
      {
        template: "Closed socket connection for client <*> (no session established for client)",
        text: "Closed socket connection for client /10.10.34.19:9 (no session established for client)",
      },
      { template: "caught end of stream exception", text: "caught end of stream exception" },
      {
        template: "Client attempting to establish new session at <*>",
        text: "Client attempting to establish new session at /10.10.34.19:33442",
      },
      {
        template: "Client attempting to establish new session at <*>",
        text: "Client attempting to establish new session at /10.10.34.11:5",
      },
      {
        template: "Client attempting to renew session <*> at <*>",
        text: "Client attempting to renew session 0x14f05578bd80006 at /10.10.34.19:33442",
      },
      {
        template: "Client attempting to renew session <*> at <*>",
        text: "Client attempting to renew session 0x24f0557806a0010 at /10.10.34.11:45000",
      },
      { template: "Notification time out: <*>", text: "Notification time out: 3200" },
      { template: "Notification time out: <*>", text: "Notification time out: 60000" },
      { template: "Send worker leaving thread", text: "Send worker leaving thread" },
      {
        template: "Connection broken for id <*>, my id = <*>, error =",
        text: "Connection broken for id 188978561024, my id = 1, error = ",
      },
      {
        template: "Connection broken for id <*>, my id = <*>, error =",
        text: "Connection broken for id 99, my id = 2, error = ",
      },
      {
        template: "Expiring session <*>, timeout of <*> exceeded",
        text: "Expiring session 0x14f05578bd80006, timeout of 10000ms exceeded",
      },
      {
        template: "Expiring session <*>, timeout of <*> exceeded",
        text: "Expiring session 0x24ed93111f20015, timeout of 6000ms exceeded",
      },
      {
        template: "Processed session termination for sessionid: <*>",
        text: "Processed session termination for sessionid: 0x14f05578bd80006",
      },
      {
        template: "Processed session termination for sessionid: <*>",
        text: "Processed session termination for sessionid: 0x3",
      },
      {
        template: "Cannot open channel to <*> at election address <*>",
        text: "Cannot open channel to 2 at election address /10.10.34.12:3888",
      },
      {
        template: "Cannot open channel to <*> at election address <*>",
        text: "Cannot open channel to 3 at election address /10.10.34.13:3888",
      },
      { template: "Unexpected Exception:", text: "Unexpected Exception: " },
      { template: "Exception when following the leader", text: "Exception when following the leader" },
      {
        template:
          "Notification: <*> (n.leader), <*> (n.zxid), <*> (n.round), LOOKING (n.state), <*> (n.sid), <*> (n.peerEPoch), LOOKING (my state)",
        text: "Notification: 2 (n.leader), 0x100000018 (n.zxid), 0x1 (n.round), LOOKING (n.state), 1 (n.sid), 0x1 (n.peerEPoch), LOOKING (my state)",
      },
      {
        template:
          "Notification: <*> (n.leader), <*> (n.zxid), <*> (n.round), LOOKING (n.state), <*> (n.sid), <*> (n.peerEPoch), LOOKING (my state)",
        text: "Notification: 3 (n.leader), 0x700000011 (n.zxid), 0x9 (n.round), LOOKING (n.state), 2 (n.sid), 0x7 (n.peerEPoch), LOOKING (my state)",
      },
      {
        template: "Snapshotting: <*> to <*>",
        text: "Snapshotting: 0x100000018 to /var/lib/zookeeper/version-2/snapshot.100000018",
      },
      {
        template: "Snapshotting: <*> to <*>",
        text: "Snapshotting: 0x70000001a to /var/lib/zookeeper/version-2/snapshot.70000001a",
      },
      {
        template:
          "Got user-level KeeperException when processing sessionid:<*> type:create cxid:<*> zxid:<*> txntype:<*> reqpath:n/a Error Path:<*> Error:KeeperErrorCode = NodeExists for <*>",
        text: "Got user-level KeeperException when processing sessionid:0x14f05578bd80006 type:create cxid:0x5 zxid:0x10000001b txntype:-1 reqpath:n/a Error Path:/consumers Error:KeeperErrorCode = NodeExists for /consumers",
      },
      {
        template:
          "Got user-level KeeperException when processing sessionid:<*> type:create cxid:<*> zxid:<*> txntype:<*> reqpath:n/a Error Path:<*> Error:KeeperErrorCode = NodeExists for <*>",
        text: "Got user-level KeeperException when processing sessionid:0x14f05578bd80009 type:create cxid:0x15 zxid:0x20000001b txntype:-1 reqpath:n/a Error Path:/brokers/ids Error:KeeperErrorCode = NodeExists for /brokers/ids",
      },
      {
        template: "Have smaller server identifier, so dropping the connection: (<*>)",
        text: "Have smaller server identifier, so dropping the connection: (3, 1)",
      },
      {
        template: "Have smaller server identifier, so dropping the connection: (<*>)",
        text: "Have smaller server identifier, so dropping the connection: (2, 1)",
      },
      { template: "My election bind port: <*>", text: "My election bind port: /0.0.0.0:3888" },
    ],
  },
  {
    name: "Hadoop: other lines",
    type: "Hadoop",
    lines: [
      {
        template: "Address change detected. Old: msra-sa-<*> New: msra-sa-<*>",
        text: "Address change detected. Old: msra-sa-41/10.190.173.170:9000 New: msra-sa-41:9000",
      },
      {
        template: "Address change detected. Old: msra-sa-<*> New: msra-sa-<*>",
        text: "Address change detected. Old: msra-sa-39/10.1.1.9:8020 New: msra-sa-39:8020",
      },
      {
        template:
          "Retrying connect to server: msra-sa-<*>. Already tried <*> time(s); retry policy is RetryUpToMaximumCountWithFixedSleep(maxRetries=<*>, sleepTime=<*> MILLISECONDS)",
        text: "Retrying connect to server: msra-sa-41:9000. Already tried 3 time(s); retry policy is RetryUpToMaximumCountWithFixedSleep(maxRetries=10, sleepTime=1000 MILLISECONDS)",
      },
      {
        template:
          "Retrying connect to server: msra-sa-<*>. Already tried <*> time(s); retry policy is RetryUpToMaximumCountWithFixedSleep(maxRetries=<*>, sleepTime=<*> MILLISECONDS)",
        text: "Retrying connect to server: msra-sa-39:8020. Already tried 0 time(s); retry policy is RetryUpToMaximumCountWithFixedSleep(maxRetries=10, sleepTime=1000 MILLISECONDS)",
      },
      {
        template: "Progress of TaskAttempt attempt_<*> is : <*>",
        text: "Progress of TaskAttempt attempt_1445144423722_0020_m_000001_0 is : 0.4321",
      },
      {
        template: "Progress of TaskAttempt attempt_<*> is : <*>",
        text: "Progress of TaskAttempt attempt_1445144423722_0020_r_000000_1 is : 1.0",
      },
      { template: "ERROR IN CONTACTING RM.", text: "ERROR IN CONTACTING RM. " },
      {
        template: "Failed to renew lease for [DFSClient_NONMAPREDUCE_<*>] for <*> seconds. Will retry shortly ...",
        text: "Failed to renew lease for [DFSClient_NONMAPREDUCE_1537864556_1] for 42 seconds.  Will retry shortly ...",
      },
      {
        template: "Failed to renew lease for [DFSClient_NONMAPREDUCE_<*>] for <*> seconds. Will retry shortly ...",
        text: "Failed to renew lease for [DFSClient_NONMAPREDUCE_-99123_1] for 311 seconds.  Will retry shortly ...",
      },
      {
        template:
          "Before Scheduling: PendingReds:<*> ScheduledMaps:<*> ScheduledReds:<*> AssignedMaps:<*> AssignedReds:<*> CompletedMaps:<*> CompletedReds:<*> ContAlloc:<*> ContRel:<*> HostLocal:<*> RackLocal:<*>",
        text: "Before Scheduling: PendingReds:1 ScheduledMaps:10 ScheduledReds:0 AssignedMaps:0 AssignedReds:0 CompletedMaps:0 CompletedReds:0 ContAlloc:0 ContRel:0 HostLocal:0 RackLocal:0",
      },
      {
        template:
          "Before Scheduling: PendingReds:<*> ScheduledMaps:<*> ScheduledReds:<*> AssignedMaps:<*> AssignedReds:<*> CompletedMaps:<*> CompletedReds:<*> ContAlloc:<*> ContRel:<*> HostLocal:<*> RackLocal:<*>",
        text: "Before Scheduling: PendingReds:0 ScheduledMaps:2 ScheduledReds:0 AssignedMaps:7 AssignedReds:1 CompletedMaps:12 CompletedReds:0 ContAlloc:19 ContRel:3 HostLocal:5 RackLocal:2",
      },
      {
        template: "Recalculating schedule, headroom=<memory:<*>, vCores:<*>>",
        text: "Recalculating schedule, headroom=<memory:1024, vCores:-15>",
      },
      {
        template: "Recalculating schedule, headroom=<memory:<*>, vCores:<*>>",
        text: "Recalculating schedule, headroom=<memory:0, vCores:2>",
      },
      {
        template: "attempt_<*> TaskAttempt Transitioned from ASSIGNED to RUNNING",
        text: "attempt_1445144423722_0020_m_000001_0 TaskAttempt Transitioned from ASSIGNED to RUNNING",
      },
      {
        template: "attempt_<*> TaskAttempt Transitioned from ASSIGNED to RUNNING",
        text: "attempt_1445144423722_0021_m_000009_1 TaskAttempt Transitioned from ASSIGNED to RUNNING",
      },
      {
        template: "attempt_<*> TaskAttempt Transitioned from RUNNING to FAIL_CONTAINER_CLEANUP",
        text: "attempt_1445144423722_0020_m_000001_0 TaskAttempt Transitioned from RUNNING to FAIL_CONTAINER_CLEANUP",
      },
      {
        template: "JVM with ID : jvm_<*> asked for a task",
        text: "JVM with ID : jvm_1445144423722_0020_m_000002 asked for a task",
      },
      {
        template: "JVM with ID : jvm_<*> asked for a task",
        text: "JVM with ID : jvm_1445144423722_0020_m_000012 asked for a task",
      },
      {
        template: "Container container_<*> (auxService) exited with status 143",
        text: "Container container_1445144423722_0020_01_000013 (auxService) exited with status 143",
      },
      {
        template: "Container container_<*> (auxService) exited with status 143",
        text: "Container container_1445144423722_0020_01_000099 (auxService) exited with status 143",
      },
      {
        template: "Diagnostics report from attempt_<*>: Container killed by the ApplicationMaster.",
        text: "Diagnostics report from attempt_1445144423722_0020_m_000001_0: Container killed by the ApplicationMaster.",
      },
      {
        template: "Diagnostics report from attempt_<*>: Container killed by the ApplicationMaster.",
        text: "Diagnostics report from attempt_1445144423722_0020_m_000003_2: Container killed by the ApplicationMaster.",
      },
      { template: "OnDiskMap: numInputs: <*>, ioSortFactor <*>", text: "OnDiskMap: numInputs: 12, ioSortFactor 10" },
      { template: "OnDiskMap: numInputs: <*>, ioSortFactor <*>", text: "OnDiskMap: numInputs: 3, ioSortFactor 10" },
      {
        template:
          "Task: attempt_<*> - exited : java.net.NoRouteToHostException: No Route to Host from MININT-<*> to msra-sa-<*> failed on socket timeout exception: java.net.NoRouteToHostException: No route to host: no further information; For more details see: <*>",
        text: "Task: attempt_1445144423722_0020_m_000001_0 - exited : java.net.NoRouteToHostException: No Route to Host from  MININT-77/127.0.0.1 to msra-sa-41:9000 failed on socket timeout exception: java.net.NoRouteToHostException: No route to host: no further information; For more details see:  http://wiki.apache.org/hadoop/NoRouteToHost",
      },
      {
        template:
          "Task: attempt_<*> - exited : java.net.NoRouteToHostException: No Route to Host from MININT-<*> to msra-sa-<*> failed on socket timeout exception: java.net.NoRouteToHostException: No route to host: no further information; For more details see: <*>",
        text: "Task: attempt_1445144423722_0020_m_000008_1 - exited : java.net.NoRouteToHostException: No Route to Host from  MININT-75/127.0.0.1 to msra-sa-39:8020 failed on socket timeout exception: java.net.NoRouteToHostException: No route to host: no further information; For more details see:  http://wiki.apache.org/hadoop/NoRouteToHost",
      },
      { template: "kvstart = <*>; length = <*>", text: "kvstart = 26214396; length = 6553600" },
      { template: "kvstart = <*>; length = <*>", text: "kvstart = 12; length = 99" },
      { template: "soft limit at <*>", text: "soft limit at 83886080" },
      { template: "soft limit at <*>", text: "soft limit at 1" },
      { template: "Finished spill <*>", text: "Finished spill 0" },
      { template: "Finished spill <*>", text: "Finished spill 12" },
      { template: "mapreduce.task.io.sort.mb: <*>", text: "mapreduce.task.io.sort.mb: 100" },
      { template: "mapreduce.task.io.sort.mb: <*>", text: "mapreduce.task.io.sort.mb: 256" },
      {
        template: "Using ResourceCalculatorProcessTree : org.apache.hadoop.yarn.util.WindowsBasedProcessTree@<*>",
        text: "Using ResourceCalculatorProcessTree : org.apache.hadoop.yarn.util.WindowsBasedProcessTree@12f2dd5",
      },
      {
        template: "Using ResourceCalculatorProcessTree : org.apache.hadoop.yarn.util.WindowsBasedProcessTree@<*>",
        text: "Using ResourceCalculatorProcessTree : org.apache.hadoop.yarn.util.WindowsBasedProcessTree@57bc7d03",
      },
      {
        template:
          "Slow ReadProcessor read fields took <*> (threshold=<*>); ack: seqno: <*> status: SUCCESS downstreamAckTimeNanos: <*>, targets: [<*>]",
        text: "Slow ReadProcessor read fields took 57002ms (threshold=30000ms); ack: seqno: 1 status: SUCCESS downstreamAckTimeNanos: 0, targets: [10.190.173.170:50010, 10.86.164.15:50010]",
      },
      {
        template:
          "Slow ReadProcessor read fields took <*> (threshold=<*>); ack: seqno: <*> status: SUCCESS downstreamAckTimeNanos: <*>, targets: [<*>]",
        text: "Slow ReadProcessor read fields took 65020ms (threshold=30000ms); ack: seqno: -2 status: SUCCESS downstreamAckTimeNanos: 0, targets: [10.190.173.171:50010, 10.86.164.9:50010]",
      },
      {
        template: "DFSOutputStream ResponseProcessor exception for block BP-<*>:blk_<*>",
        text: "DFSOutputStream ResponseProcessor exception  for block BP-1347369012-10.190.173.170-1444972147527:blk_1073742826_2022",
      },
      {
        template: "DFSOutputStream ResponseProcessor exception for block BP-<*>:blk_<*>",
        text: "DFSOutputStream ResponseProcessor exception  for block BP-99-10.1.1.1-1444972147000:blk_1073742999_2199",
      },
    ],
  },
  {
    name: "HDFS: other lines",
    type: "HDFS",
    lines: [
      {
        template: "Receiving block blk_<*> src: <*> dest: <*>",
        text: "Receiving block blk_-1608999687919862906 src: /10.250.19.102:54106 dest: /10.250.19.102:50010",
      },
      {
        template: "Receiving block blk_<*> src: <*> dest: <*>",
        text: "Receiving block blk_7503483334202473044 src: /10.251.215.16:55695 dest: /10.251.215.16:50010",
      },
      {
        template: "BLOCK* NameSystem.allocateBlock: <*> blk_<*>",
        text: "BLOCK* NameSystem.allocateBlock: /user/root/rand/_temporary/_task_200811092030_0001_m_000590_0/part-00590. blk_-1727475099218615100",
      },
      {
        template: "BLOCK* NameSystem.allocateBlock: <*> blk_<*>",
        text: "BLOCK* NameSystem.allocateBlock: /mnt/hadoop/mapred/system/job_200811092030_0001/job.jar. blk_-1608999687919862906",
      },
      {
        template: "PacketResponder <*> for block blk_<*> terminating",
        text: "PacketResponder 1 for block blk_-1608999687919862906 terminating",
      },
      {
        template: "PacketResponder <*> for block blk_<*> terminating",
        text: "PacketResponder 0 for block blk_38865049064139660 terminating",
      },
      {
        template: "Received block blk_<*> of size <*> from <*>",
        text: "Received block blk_-1608999687919862906 of size 91178 from /10.250.10.6",
      },
      {
        template: "Received block blk_<*> of size <*> from <*>",
        text: "Received block blk_3886504 of size 67108864 from /10.251.1.1",
      },
      {
        template: "<*> Served block blk_<*> to <*>",
        text: "10.250.11.85:50010 Served block blk_-1608999687919862906 to /10.250.11.85",
      },
      { template: "<*> Served block blk_<*> to <*>", text: "10.250.5.5:50010 Served block blk_16 to /10.251.1.9" },
      {
        template: "<*>:Got exception while serving blk_<*> to <*>:",
        text: "10.250.11.85:50010:Got exception while serving blk_-1608999687919862906 to /10.250.11.85:",
      },
      {
        template: "<*>:Got exception while serving blk_<*> to <*>:",
        text: "10.251.7.85:50010:Got exception while serving blk_77 to /10.250.11.5:",
      },
      { template: "Verification succeeded for blk_<*>", text: "Verification succeeded for blk_-4980916519894289629" },
      { template: "Verification succeeded for blk_<*>", text: "Verification succeeded for blk_5" },
      {
        template: "BLOCK* NameSystem.addStoredBlock: blockMap updated: <*> is added to blk_<*> size <*>",
        text: "BLOCK* NameSystem.addStoredBlock: blockMap updated: 10.251.43.21:50010 is added to blk_7888946331804732825 size 67108864",
      },
      {
        template: "BLOCK* NameSystem.addStoredBlock: blockMap updated: <*> is added to blk_<*> size <*>",
        text: "BLOCK* NameSystem.addStoredBlock: blockMap updated: 10.251.43.99:50010 is added to blk_-33 size 2",
      },
      {
        template: "BLOCK* ask <*> to replicate blk_<*> to datanode(s) <*>",
        text: "BLOCK* ask 10.250.18.114:50010 to replicate blk_-5140072410813878235 to datanode(s) 10.251.107.50:50010",
      },
      {
        template: "BLOCK* ask <*> to replicate blk_<*> to datanode(s) <*>",
        text: "BLOCK* ask 10.250.18.4:50010 to replicate blk_235 to datanode(s) 10.251.107.50:50010 10.251.1.2:50010",
      },
      {
        template: "Deleting block blk_<*> file <*>",
        text: "Deleting block blk_1781953582842324563 file /mnt/hadoop/dfs/data/current/subdir5/blk_1781953582842324563",
      },
      {
        template: "Deleting block blk_<*> file <*>",
        text: "Deleting block blk_9 file /mnt/hadoop/dfs/data/current/blk_9",
      },
      {
        template: "BLOCK* NameSystem.delete: blk_<*> is added to invalidSet of <*>",
        text: "BLOCK* NameSystem.delete: blk_8 is added to invalidSet of 10.250.5.237:50010",
      },
      {
        template: "BLOCK* NameSystem.delete: blk_<*> is added to invalidSet of <*>",
        text: "BLOCK* NameSystem.delete: blk_-8765 is added to invalidSet of 10.251.126.5:50010",
      },
      {
        template: "writeBlock blk_<*> received exception java.io.IOException: Could not read from stream",
        text: "writeBlock blk_8 received exception java.io.IOException: Could not read from stream",
      },
      {
        template: "writeBlock blk_<*> received exception java.io.IOException: Could not read from stream",
        text: "writeBlock blk_-88 received exception java.io.IOException: Could not read from stream",
      },
      {
        template: "PendingReplicationMonitor timed out block blk_<*>",
        text: "PendingReplicationMonitor timed out block blk_3",
      },
      {
        template: "PendingReplicationMonitor timed out block blk_<*>",
        text: "PendingReplicationMonitor timed out block blk_-33",
      },
      {
        template: "Unexpected error trying to delete block blk_<*>. BlockInfo not found in volumeMap.",
        text: "Unexpected error trying to delete block blk_3. BlockInfo not found in volumeMap.",
      },
      {
        template: "Unexpected error trying to delete block blk_<*>. BlockInfo not found in volumeMap.",
        text: "Unexpected error trying to delete block blk_-3123. BlockInfo not found in volumeMap.",
      },
    ],
  },
  {
    name: "BGL",
    type: "BGL",
    lines: [
      { template: "instruction cache parity error corrected", text: "instruction cache parity error corrected" },
      { template: "generating core.<*>", text: "generating core.2275" },
      { template: "generating core.<*>", text: "generating core.862" },
      { template: "CE sym <*>, at <*>, mask <*>", text: "CE sym 2, at 0x0b85eee0, mask 0x05" },
      { template: "CE sym <*>, at <*>, mask <*>", text: "CE sym 20, at 0x1438f9e0, mask 0x40" },
      { template: "<*> double-hummer alignment exceptions", text: "63543 double-hummer alignment exceptions" },
      { template: "<*> double-hummer alignment exceptions", text: "7 double-hummer alignment exceptions" },
      {
        template: "total of <*> ddr error(s) detected and corrected",
        text: "total of 1 ddr error(s) detected and corrected",
      },
      {
        template: "total of <*> ddr error(s) detected and corrected",
        text: "total of 12 ddr error(s) detected and corrected",
      },
      {
        template: "ddr: excessive soft failures, consider replacing the card",
        text: "ddr: excessive soft failures, consider replacing the card",
      },
      {
        template:
          "ciod: Error reading message prefix after LOGIN_MESSAGE on CioStream socket to <*>: Link has been severed",
        text: "ciod: Error reading message prefix after LOGIN_MESSAGE on CioStream socket to 172.16.96.116:33569: Link has been severed",
      },
      {
        template:
          "ciod: Error reading message prefix after LOGIN_MESSAGE on CioStream socket to <*>: Link has been severed",
        text: "ciod: Error reading message prefix after LOGIN_MESSAGE on CioStream socket to 172.16.96.11:41933: Link has been severed",
      },
      {
        template: "ciod: failed to read message prefix on control stream (CioStream socket to <*>",
        text: "ciod: failed to read message prefix on control stream (CioStream socket to 172.16.96.116:33569",
      },
      {
        template: "ciod: failed to read message prefix on control stream (CioStream socket to <*>",
        text: "ciod: failed to read message prefix on control stream (CioStream socket to 172.16.96.1:3",
      },
      {
        template: "ciod: LOGIN chdir(<*>) failed: Input/output error",
        text: "ciod: LOGIN chdir(/p/gb1/stella/RAPTOR/2183) failed: Input/output error",
      },
      {
        template: "ciod: LOGIN chdir(<*>) failed: Input/output error",
        text: "ciod: LOGIN chdir(/home/x/1) failed: Input/output error",
      },
      {
        template: "ciod: LOGIN chdir(<*>) failed: No such file or directory",
        text: "ciod: LOGIN chdir(/p/gb1/stella/RAPTOR/2183) failed: No such file or directory",
      },
      {
        template: "ciod: duplicate canonical-rank <*> to logical-rank <*> mapping at line <*> of node map file <*>",
        text: "ciod: duplicate canonical-rank 89 to logical-rank 76 mapping at line 16 of node map file /p/gb2/glosli/8M_5000K/t800/map.xyz",
      },
      {
        template: "ciod: duplicate canonical-rank <*> to logical-rank <*> mapping at line <*> of node map file <*>",
        text: "ciod: duplicate canonical-rank 1 to logical-rank 7 mapping at line 99 of node map file /p/map2.xyz",
      },
      { template: "rts: kernel terminated for reason <*>", text: "rts: kernel terminated for reason 1004" },
      { template: "rts: kernel terminated for reason <*>", text: "rts: kernel terminated for reason 1001" },
      { template: "data TLB error interrupt", text: "data TLB error interrupt" },
      { template: "data storage interrupt", text: "data storage interrupt" },
      { template: "machine state register: <*>", text: "machine state register: 0x82000000" },
      { template: "machine state register: <*>", text: "machine state register: 0x00003000" },
      {
        template: "program interrupt: fp cr field.............<*>",
        text: "program interrupt: fp cr field.............0",
      },
      {
        template: "program interrupt: fp cr field.............<*>",
        text: "program interrupt: fp cr field.............1",
      },
      {
        template: "r00=<*> r01=<*> r02=<*> r03=<*>",
        text: "r00=0x00000000 r01=0x0fea7d10 r02=0x1eeeeeee r03=0x00000001",
      },
      {
        template: "r00=<*> r01=<*> r02=<*> r03=<*>",
        text: "r00=0x00001000 r01=0x0fea0000 r02=0x1eeee000 r03=0x00000002",
      },
      { template: "L3 ecc control register: <*>", text: "L3 ecc control register: 00000000" },
      { template: "L3 ecc control register: <*>", text: "L3 ecc control register: 01000000" },
      {
        template: "Node card VPD check: U11 node in processor card slot J09 do not match. VPD ecid <*>, found <*>",
        text: "Node card VPD check: U11 node in processor card slot J09 do not match. VPD ecid 043D0BB74507FFFF0B060DFF03FA, found 0000000000000000000000000000",
      },
      {
        template: "Node card VPD check: U11 node in processor card slot J09 do not match. VPD ecid <*>, found <*>",
        text: "Node card VPD check: U11 node in processor card slot J09 do not match. VPD ecid 09AB0BB74507FFFF0B060DFF03FA, found 0000000000000000000000000000",
      },
      {
        template:
          "problem communicating with service card, ido chip: java.io.IOException: Could not find EthernetSwitch on port:address <*>",
        text: "problem communicating with service card, ido chip: java.io.IOException: Could not find EthernetSwitch on port:address 1:136",
      },
      {
        template:
          "problem communicating with service card, ido chip: java.io.IOException: Could not find EthernetSwitch on port:address <*>",
        text: "problem communicating with service card, ido chip: java.io.IOException: Could not find EthernetSwitch on port:address 2:17",
      },
      {
        template: "ciod: In packet from node <*> (<*>:J03-U01), message code 1 is not <*> (softheader=<*>)",
        text: "ciod: In packet from node 24.1 (R62-M0-NE-C:J03-U01), message code 1 is not 3 or 4294967295 (softheader=0031c8c9 00020005 00000001 00000001)",
      },
      {
        template: "ciod: In packet from node <*> (<*>:J03-U01), message code 1 is not <*> (softheader=<*>)",
        text: "ciod: In packet from node 30.0 (R62-M0-NE-C:J03-U01), message code 1 is not 3 or 4294967295 (softheader=003acac9 00020005 00000001 00000002)",
      },
      { template: "iar <*> dear <*>", text: "iar 00106560 dear 0245a6a8" },
      { template: "iar <*> dear <*>", text: "iar 00106570 dear 02461dc8" },
      { template: "rts panic! - stopping execution", text: "rts panic! - stopping execution" },
      {
        template:
          "critical input interrupt (unit=<*> bit=<*>): warning for torus y+ wire, suppressing further interrupts of same type",
        text: "critical input interrupt (unit=0x0b bit=0x06): warning for torus y+ wire, suppressing further interrupts of same type",
      },
      {
        template:
          "critical input interrupt (unit=<*> bit=<*>): warning for torus y+ wire, suppressing further interrupts of same type",
        text: "critical input interrupt (unit=0x0b bit=0x16): warning for torus y+ wire, suppressing further interrupts of same type",
      },
      {
        template:
          "idoproxydb hit ASSERT condition: ASSERT expression=<*> Source file=idotransportmgr.cpp Source line=<*> Function=int IdoTransportMgr::SendPacket(IdoUdpMgr*, BglCtlPavTrace*)",
        text: "idoproxydb hit ASSERT condition: ASSERT expression=0 Source file=idotransportmgr.cpp Source line=1043 Function=int IdoTransportMgr::SendPacket(IdoUdpMgr*, BglCtlPavTrace*)",
      },
      {
        template:
          "idoproxydb hit ASSERT condition: ASSERT expression=<*> Source file=idotransportmgr.cpp Source line=<*> Function=int IdoTransportMgr::SendPacket(IdoUdpMgr*, BglCtlPavTrace*)",
        text: "idoproxydb hit ASSERT condition: ASSERT expression=0 Source file=idotransportmgr.cpp Source line=1044 Function=int IdoTransportMgr::SendPacket(IdoUdpMgr*, BglCtlPavTrace*)",
      },
      {
        template: "MidplaneSwitchController performing bit sparing on <*> bit <*>",
        text: "MidplaneSwitchController performing bit sparing on R24-M0-L1-U22-C bit 3",
      },
      {
        template: "MidplaneSwitchController performing bit sparing on <*> bit <*>",
        text: "MidplaneSwitchController performing bit sparing on R06-M0-L3-U02-D bit 13",
      },
    ],
  },
  {
    name: "Spark: other lines",
    type: "Spark",
    lines: [
      {
        template: "Registered signal handlers for [TERM, HUP, INT]",
        text: "Registered signal handlers for [TERM, HUP, INT]",
      },
      { template: "Changing view acls to: yarn,curi", text: "Changing view acls to: yarn,curi" },
      {
        template: "Successfully started service <*> on port <*>.",
        text: "Successfully started service 'sparkExecutorActorSystem' on port 55904.",
      },
      {
        template: "Successfully started service <*> on port <*>.",
        text: "Successfully started service 'org.apache.spark.network.netty.NettyBlockTransferService' on port 40984.",
      },
      {
        template: "Created local directory at <*>",
        text: "Created local directory at /opt/hdfs/nodemanager/usercache/curi/appcache/application_1485248649253_0147/blockmgr-70293f72-844a-4b39-9ad6-fb0ad7e364e4",
      },
      {
        template: "Created local directory at <*>",
        text: "Created local directory at /opt/x/blockmgr-9f293f72-844a-4b39-9ad6-fb0ad7e364e4",
      },
      { template: "MemoryStore started with capacity <*>", text: "MemoryStore started with capacity 17.7 GB" },
      { template: "MemoryStore started with capacity <*>", text: "MemoryStore started with capacity 366.3 MB" },
      { template: "Got assigned task <*>", text: "Got assigned task 42" },
      { template: "Got assigned task <*>", text: "Got assigned task 7" },
      { template: "Running task <*> in stage <*> (TID <*>)", text: "Running task 2.0 in stage 0.0 (TID 5)" },
      { template: "Running task <*> in stage <*> (TID <*>)", text: "Running task 38.0 in stage 25.0 (TID 1590)" },
      { template: "Started reading broadcast variable <*>", text: "Started reading broadcast variable 9" },
      { template: "Started reading broadcast variable <*>", text: "Started reading broadcast variable 12" },
      {
        template: "Block broadcast_<*> stored as bytes in memory (estimated size <*>, free <*>)",
        text: "Block broadcast_9_piece0 stored as bytes in memory (estimated size 5.2 KB, free 5.2 KB)",
      },
      {
        template: "Block broadcast_<*> stored as bytes in memory (estimated size <*>, free <*>)",
        text: "Block broadcast_12_piece0 stored as bytes in memory (estimated size 937.0 B, free 2.1 MB)",
      },
      {
        template: "Block broadcast_<*> stored as values in memory (estimated size <*>, free <*>)",
        text: "Block broadcast_9 stored as values in memory (estimated size 8.8 KB, free 14.0 KB)",
      },
      {
        template: "Block broadcast_<*> stored as values in memory (estimated size <*>, free <*>)",
        text: "Block broadcast_5 stored as values in memory (estimated size 384.0 B, free 317.5 KB)",
      },
      { template: "Reading broadcast variable <*> took <*> ms", text: "Reading broadcast variable 9 took 160 ms" },
      { template: "Reading broadcast variable <*> took <*> ms", text: "Reading broadcast variable 4 took 16 ms" },
      { template: "Input split: <*>", text: "Input split: hdfs://10.10.34.11:9000/pjhe/logs/2kSOSP.log:29168+7292" },
      { template: "Input split: <*>", text: "Input split: hdfs://10.10.34.11:9000/pjhe/logs/2kSOSP.log:0+7292" },
      {
        template: "Finished task <*> in stage <*> (TID <*>). <*> bytes result sent to driver",
        text: "Finished task 2.0 in stage 0.0 (TID 5). 2703 bytes result sent to driver",
      },
      {
        template: "Finished task <*> in stage <*> (TID <*>). <*> bytes result sent to driver",
        text: "Finished task 3.0 in stage 10.0 (TID 423). 2086 bytes result sent to driver",
      },
      { template: "Found block rdd_<*> locally", text: "Found block rdd_2_1 locally" },
      { template: "Found block rdd_<*> locally", text: "Found block rdd_42_23 locally" },
      { template: "Partition rdd_<*> not found, computing it", text: "Partition rdd_2_1 not found, computing it" },
      { template: "Partition rdd_<*> not found, computing it", text: "Partition rdd_10_4 not found, computing it" },
      {
        template: "Times: total = <*>, boot = <*>, init = <*>, finish = <*>",
        text: "Times: total = 41, boot = 18, init = 23, finish = 0",
      },
      {
        template: "Times: total = <*>, boot = <*>, init = <*>, finish = <*>",
        text: "Times: total = 1, boot = -39723, init = 39760, finish = 5",
      },
      {
        template:
          "Lost task <*> in stage <*> (TID <*>, executor <*>): ExecutorLostFailure (executor <*> exited caused by one of the running tasks) Reason: Container marked as failed",
        text: "Lost task 3.0 in stage 1.0 (TID 17, worker-3.internal, executor 4): ExecutorLostFailure (executor 4 exited caused by one of the running tasks) Reason: Container marked as failed",
      },
      {
        template:
          "Lost task <*> in stage <*> (TID <*>, executor <*>): ExecutorLostFailure (executor <*> exited caused by one of the running tasks) Reason: Container marked as failed",
        text: "Lost task 12.1 in stage 4.0 (TID 170, worker-9.internal, executor 12): ExecutorLostFailure (executor 12 exited caused by one of the running tasks) Reason: Container marked as failed",
      },
      {
        template: "mapred.tip.id is deprecated. Instead, use mapreduce.task.id",
        text: "mapred.tip.id is deprecated. Instead, use mapreduce.task.id",
      },
      { template: "attempt_<*>: Committed", text: "attempt_201706081830_0002_m_000010_33: Committed" },
      { template: "attempt_<*>: Committed", text: "attempt_201706081830_0012_m_000001_9: Committed" },
      {
        template: "Saved output of task <*> to <*>",
        text: "Saved output of task 'attempt_201706081830_0002_m_000010_33' to hdfs://10.10.34.11:9000/pjhe/test/1/_temporary/0/task_201706081830_0002_m_000010",
      },
      {
        template: "Saved output of task <*> to <*>",
        text: "Saved output of task 'attempt_201706081830_0009_m_000001_3' to hdfs://10.10.34.11:9000/pjhe/test/2/_temporary/0/task_x",
      },
    ],
  },
  {
    name: "Linux: other lines",
    type: "Linux",
    lines: [
      { template: "session opened for user cyrus by (uid=<*>)", text: "session opened for user cyrus by (uid=0)" },
      {
        template: "connection from <*> (<*>) at <*>",
        text: "connection from 82.68.222.194 (82-68-222-194.dsl.example.com) at Sun Jul 17 23:21:50 2005",
      },
      {
        template: "connection from <*> (<*>) at <*>",
        text: "connection from 207.30.238.8 (host8.topspot.example.net) at Mon Jul 4 03:31:22 2005",
      },
      {
        template: "connection from <*> () at <*>",
        text: "connection from 206.47.209.10 () at Mon Jul 25 06:39:18 2005",
      },
      {
        template: "connection from <*> () at <*>",
        text: "connection from 206.47.209.11 () at Mon Jul 25 06:39:19 2005",
      },
      {
        template: "ANONYMOUS FTP LOGIN FROM <*>, (anonymous)",
        text: "ANONYMOUS FTP LOGIN FROM 84.102.20.2,  (anonymous)",
      },
      {
        template: "ANONYMOUS FTP LOGIN FROM <*>, (anonymous)",
        text: "ANONYMOUS FTP LOGIN FROM 84.10.2.2,  (anonymous)",
      },
      { template: "Kerberos authentication failed", text: "Kerberos authentication failed" },
      { template: "klogd startup succeeded", text: "klogd startup succeeded" },
      { template: "Out of Memory: Killed process <*> (mysqld).", text: "Out of Memory: Killed process 2592 (mysqld)." },
      { template: "Out of Memory: Killed process <*> (mysqld).", text: "Out of Memory: Killed process 99 (mysqld)." },
      {
        template: "Memory: <*> available (<*> kernel code, <*> reserved, <*> data, <*> init, <*> highmem)",
        text: "Memory: 125312k/129720k available (1540k kernel code, 3860k reserved, 599k data, 144k init, 0k highmem)",
      },
      {
        template: "Memory: <*> available (<*> kernel code, <*> reserved, <*> data, <*> init, <*> highmem)",
        text: "Memory: 1031036k/1048576k available (1540k kernel code, 16312k reserved, 599k data, 144k init, 131072k highmem)",
      },
      { template: "audit(<*>): initialized", text: "audit(1122475266.4294965305:0): initialized" },
      { template: "audit(<*>): initialized", text: "audit(1122475299.4294961111:0): initialized" },
      {
        template: "hda: <*> sectors (<*>) w/<*> Cache, CHS=<*>, UDMA(<*>)",
        text: "hda: 16514064 sectors (8455 MB) w/512KiB Cache, CHS=16383/16/63, UDMA(33)",
      },
      {
        template: "hda: <*> sectors (<*>) w/<*> Cache, CHS=<*>, UDMA(<*>)",
        text: "hda: 99514064 sectors (48455 MB) w/128KiB Cache, CHS=65535/16/63, UDMA(100)",
      },
      {
        template: "ACPI: PCI Interrupt <*>[D] -> GSI <*> (level, low) -> IRQ <*>",
        text: "ACPI: PCI Interrupt 0000:00:1f.2[D] -> GSI 19 (level, low) -> IRQ 19",
      },
      {
        template: "ACPI: PCI Interrupt <*>[D] -> GSI <*> (level, low) -> IRQ <*>",
        text: "ACPI: PCI Interrupt 0000:00:1d.0[D] -> GSI 16 (level, low) -> IRQ 16",
      },
      { template: "eth0: link up, <*>, full-duplex, lpa <*>", text: "eth0: link up, 100Mbps, full-duplex, lpa 0x45E1" },
      { template: "eth0: link up, <*>, full-duplex, lpa <*>", text: "eth0: link up, 100Mbps, full-duplex, lpa 0x41E1" },
      {
        template: "EXT3-fs: mounted filesystem with ordered data mode.",
        text: "EXT3-fs: mounted filesystem with ordered data mode.",
      },
      { template: "ALERT exited abnormally with [<*>]", text: "ALERT exited abnormally with [1]" },
      {
        template: "warning: can't get client address: Connection reset by peer",
        text: "warning: can't get client address: Connection reset by peer",
      },
      { template: "Detected <*> MHz processor.", text: "Detected 731.219 MHz processor." },
      { template: "Detected <*> MHz processor.", text: "Detected 2992.5 MHz processor." },
      { template: "CPU <*> irqstacks, hard=<*> soft=<*>", text: "CPU 0 irqstacks, hard=02345000 soft=02344000" },
      { template: "CPU <*> irqstacks, hard=<*> soft=<*>", text: "CPU 0 irqstacks, hard=c0345000 soft=c0344000" },
      {
        template: "Linux version <*> (<*>) (gcc version <*> (Red Hat Linux <*>)) #<*>",
        text: "Linux version 2.6.5-1.358 (bhcompile@bugs.build.redhat.com) (gcc version 3.3.3 20040412 (Red Hat Linux 3.3.3-7)) #1 Sat May 8 09:04:50 EDT 2004",
      },
      {
        template: "Linux version <*> (<*>) (gcc version <*> (Red Hat Linux <*>)) #<*>",
        text: "Linux version 2.6.9-5.EL (bhcompile@porky.build.redhat.com) (gcc version 3.4.3 20041212 (Red Hat Linux 3.4.3-9)) #1 Wed Jan 5 19:22:18 EST 2005",
      },
      {
        template: "nginx[<*>]: segfault at <*> ip <*> sp <*> error 4 in nginx[<*>+e6000]",
        text: "nginx[12]: segfault at 18 ip 00007f1c2a3b4d50 sp 00007ffd1c2a3b40 error 4 in nginx[400000+e6000]",
      },
      {
        template: "nginx[<*>]: segfault at <*> ip <*> sp <*> error 4 in nginx[<*>+e6000]",
        text: "nginx[9912]: segfault at 0 ip 000055d0c2a7f410 sp 00007ffcaabbccd0 error 4 in nginx[55d0c2a00000+e6000]",
      },
      {
        template:
          "oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=<*>,global_oom,task_memcg=<*>,task=java,pid=<*>,uid=<*>",
        text: "oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/system.slice/a.service,task=java,pid=1234,uid=1000",
      },
      {
        template:
          "oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=<*>,global_oom,task_memcg=<*>,task=java,pid=<*>,uid=<*>",
        text: "oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/system.slice/a.service,task=java,pid=99,uid=0",
      },
      {
        template:
          "[UFW BLOCK] IN=eth0 OUT= MAC=<*> SRC=<*> DST=<*> LEN=<*> TOS=<*> PREC=<*> TTL=<*> ID=<*> PROTO=TCP SPT=<*> DPT=<*> WINDOW=<*> RES=<*> SYN URGP=<*>",
        text: "[UFW BLOCK] IN=eth0 OUT= MAC=aa:bb:cc:dd:ee:ff:00:11:22:33:44:55:08:00 SRC=203.0.113.9 DST=10.0.0.5 LEN=40 TOS=0x00 PREC=0x00 TTL=245 ID=54321 PROTO=TCP SPT=51000 DPT=23 WINDOW=1024 RES=0x00 SYN URGP=0",
      },
      {
        template:
          "[UFW BLOCK] IN=eth0 OUT= MAC=<*> SRC=<*> DST=<*> LEN=<*> TOS=<*> PREC=<*> TTL=<*> ID=<*> PROTO=TCP SPT=<*> DPT=<*> WINDOW=<*> RES=<*> SYN URGP=<*>",
        text: "[UFW BLOCK] IN=eth0 OUT= MAC=aa:bb:cc:dd:ee:ff:00:11:22:33:44:66:08:00 SRC=198.51.100.9 DST=10.0.0.5 LEN=44 TOS=0x00 PREC=0x00 TTL=51 ID=1 PROTO=TCP SPT=1 DPT=8080 WINDOW=65535 RES=0x00 SYN URGP=0",
      },
      {
        template:
          "EXT4-fs error (device sda1): ext4_find_entry:<*>: inode #<*>: comm nginx: reading directory lblock <*>",
        text: "EXT4-fs error (device sda1): ext4_find_entry:1455: inode #262146: comm nginx: reading directory lblock 0",
      },
      {
        template:
          "EXT4-fs error (device sda1): ext4_find_entry:<*>: inode #<*>: comm nginx: reading directory lblock <*>",
        text: "EXT4-fs error (device sda1): ext4_find_entry:1455: inode #99: comm nginx: reading directory lblock 7",
      },
      {
        template:
          "blk_update_request: I/O error, dev sda, sector <*> op <*>:(READ) flags <*> phys_seg <*> prio class <*>",
        text: "blk_update_request: I/O error, dev sda, sector 123456 op 0x0:(READ) flags 0x80700 phys_seg 1 prio class 0",
      },
      {
        template:
          "blk_update_request: I/O error, dev sda, sector <*> op <*>:(READ) flags <*> phys_seg <*> prio class <*>",
        text: "blk_update_request: I/O error, dev sda, sector 99999912 op 0x0:(READ) flags 0x0 phys_seg 32 prio class 0",
      },
    ],
  },
  {
    name: "Windows",
    type: "Windows",
    lines: [
      {
        template: "Loaded Servicing Stack <*> with Core: <*>",
        text: "Loaded Servicing Stack v6.1.7601.23505 with Core: C:\\Windows\\winsxs\\amd64_microsoft-windows-servicingstack_31bf3856ad364e35_6.1.7601.23505_none_681aa442f6fed7f0\\cbscore.dll",
      },
      {
        template: "Loaded Servicing Stack <*> with Core: <*>",
        text: "Loaded Servicing Stack v6.1.7601.24505 with Core: C:\\Windows\\winsxs\\amd64_x\\cbscore.dll",
      },
      {
        template: "<*>@<*> WcpInitialize (wcp.dll version <*>) called (stack @<*> @<*> @<*> @<*> @<*> @<*>)",
        text: "00000001@2016/9/27:20:30:31.455 WcpInitialize (wcp.dll version 0.0.0.6) called (stack @0x7fed806eb5d @0x7fef9fb9b6d @0x7fef9f8358f @0xff83e97c @0xff83d799 @0xff83db2f)",
      },
      {
        template: "<*>@<*> WcpInitialize (wcp.dll version <*>) called (stack @<*> @<*> @<*> @<*> @<*> @<*>)",
        text: "00000001@2016/9/28:04:30:31.900 WcpInitialize (wcp.dll version 0.0.0.6) called (stack @0x7fed806eb5d @0x7fef8ad9b6d @0x7fef8aa358f @0xffcde97c @0xffcdd799 @0xffcddb2f)",
      },
      {
        template:
          "SQM: Failed to start upload with file pattern: <*>*_std.sqm, flags: <*> [HRESULT = 0x80004005 - E_FAIL]",
        text: "SQM: Failed to start upload with file pattern: C:\\Windows\\servicing\\sqm\\*_std.sqm, flags: 0x2 [HRESULT = 0x80004005 - E_FAIL]",
      },
      {
        template:
          "SQM: Failed to start upload with file pattern: <*>*_std.sqm, flags: <*> [HRESULT = 0x80004005 - E_FAIL]",
        text: "SQM: Failed to start upload with file pattern: C:\\Windows\\x\\*_std.sqm, flags: 0x2 [HRESULT = 0x80004005 - E_FAIL]",
      },
      {
        template: "Session: <*> initialized by client WindowsUpdateAgent.",
        text: "Session: 30546354_3247800753 initialized by client WindowsUpdateAgent.",
      },
      {
        template: "Session: <*> initialized by client WindowsUpdateAgent.",
        text: "Session: 30546173_4261722401 initialized by client WindowsUpdateAgent.",
      },
      {
        template:
          "Read out cached package applicability for package: Package_for_KB2928120~<*>~amd64~~<*>, ApplicableState: <*>, CurrentState:<*>",
        text: "Read out cached package applicability for package: Package_for_KB2928120~31bf3856ad364e35~amd64~~6.1.1.2, ApplicableState: 112, CurrentState:112",
      },
      {
        template:
          "Read out cached package applicability for package: Package_for_KB2928120~<*>~amd64~~<*>, ApplicableState: <*>, CurrentState:<*>",
        text: "Read out cached package applicability for package: Package_for_KB2928120~31bf3856ad364e35~amd64~~6.1.1.0, ApplicableState: 0, CurrentState:0",
      },
      {
        template: "SQM: Cleaning up report files older than <*> days.",
        text: "SQM: Cleaning up report files older than 10 days.",
      },
      {
        template: "SQM: Cleaning up report files older than <*> days.",
        text: "SQM: Cleaning up report files older than 3 days.",
      },
      { template: "Ending TrustedInstaller finalization.", text: "Ending TrustedInstaller finalization." },
      {
        template: "Warning: Unrecognized packageExtended attribute.",
        text: "Warning: Unrecognized packageExtended attribute.",
      },
      {
        template: "Failed to get next element [HRESULT = 0x800f080d - CBS_E_MANIFEST_INVALID_ITEM]",
        text: "Failed to get next element [HRESULT = 0x800f080d - CBS_E_MANIFEST_INVALID_ITEM]",
      },
      {
        template: "Scavenge: Package store indicates there is no component to scavenge, skipping.",
        text: "Scavenge: Package store indicates there is no component to scavenge, skipping.",
      },
      {
        template: "NonStart: Set pending store consistency check.",
        text: "NonStart: Set pending store consistency check.",
      },
      {
        template: "Startup: Changing logon timeout to a static timeout: <*>",
        text: "Startup: Changing logon timeout to a static timeout: 10800000",
      },
      {
        template: "Startup: Changing logon timeout to a static timeout: <*>",
        text: "Startup: Changing logon timeout to a static timeout: 900000",
      },
      { template: "Reboot mark refs: <*>", text: "Reboot mark refs: 0" },
      { template: "Reboot mark refs: <*>", text: "Reboot mark refs: 3" },
      {
        template: "<*> Created NT transaction (seq <*>) result <*>, handle @<*>",
        text: "0000000c Created NT transaction (seq 2) result 0x00000000, handle @0x214",
      },
      {
        template: "<*> Created NT transaction (seq <*>) result <*>, handle @<*>",
        text: "00000011 Created NT transaction (seq 4) result 0x00000000, handle @0x2a8",
      },
    ],
  },
  {
    name: "Mac",
    type: "Mac",
    lines: [
      {
        template: "ARPT: <*>: AirPort_Brcm43xx::syncPowerState: WWEN[enabled]",
        text: "ARPT: 620701.011328: AirPort_Brcm43xx::syncPowerState: WWEN[enabled]",
      },
      {
        template: "ARPT: <*>: AirPort_Brcm43xx::syncPowerState: WWEN[enabled]",
        text: "ARPT: 699999.5: AirPort_Brcm43xx::syncPowerState: WWEN[enabled]",
      },
      {
        template: "AirPort: Link Down on awdl0. Reason <*> (Unspecified).",
        text: "AirPort: Link Down on awdl0. Reason 1 (Unspecified).",
      },
      {
        template: "AirPort: Link Down on awdl0. Reason <*> (Unspecified).",
        text: "AirPort: Link Down on awdl0. Reason 8 (Unspecified).",
      },
      { template: "en0: channel changed to <*>", text: "en0: channel changed to 1" },
      { template: "en0: channel changed to <*>", text: "en0: channel changed to 36,80" },
      { template: "PM response took <*> ms (<*>, powerd)", text: "PM response took 1999 ms (54, powerd)" },
      { template: "PM response took <*> ms (<*>, powerd)", text: "PM response took 28679 ms (54, powerd)" },
      { template: "Wake reason: RTC (Alarm)", text: "Wake reason: RTC (Alarm)" },
      {
        template: "mDNS_DeregisterInterface: Frequent transitions for interface en0 (<*>)",
        text: "mDNS_DeregisterInterface: Frequent transitions for interface en0 (FE80:0000:0000:0000:C6B3:01FF:FECD:467F)",
      },
      {
        template: "mDNS_DeregisterInterface: Frequent transitions for interface en0 (<*>)",
        text: "mDNS_DeregisterInterface: Frequent transitions for interface en0 (FE80:0000:0000:0000:1111:01FF:FECD:467F)",
      },
      {
        template:
          "IOThunderboltSwitch<<*>>(<*>)::listenerCallback - Thunderbolt HPD packet for route = <*> port = <*> unplug = <*>",
        text: "IOThunderboltSwitch<0>(0x0)::listenerCallback - Thunderbolt HPD packet for route = 0x0 port = 11 unplug = 0",
      },
      {
        template:
          "IOThunderboltSwitch<<*>>(<*>)::listenerCallback - Thunderbolt HPD packet for route = <*> port = <*> unplug = <*>",
        text: "IOThunderboltSwitch<0>(0x0)::listenerCallback - Thunderbolt HPD packet for route = 0x0 port = 12 unplug = 1",
      },
      {
        template: "nw_endpoint_flow_service_writes <*>: write failed",
        text: "nw_endpoint_flow_service_writes 44 api.smoot.apple.com:443: write failed",
      },
      {
        template: "nw_endpoint_flow_service_writes <*>: write failed",
        text: "nw_endpoint_flow_service_writes 9 www.a.com:443: write failed",
      },
      {
        template:
          "tcp_connection_tls_session_error_callback_imp <*> __tcp_connection_tls_session_callback_write_block_invoke.<*> error 22",
        text: "tcp_connection_tls_session_error_callback_imp 2210 __tcp_connection_tls_session_callback_write_block_invoke.434 error 22",
      },
      {
        template:
          "tcp_connection_tls_session_error_callback_imp <*> __tcp_connection_tls_session_callback_write_block_invoke.<*> error 22",
        text: "tcp_connection_tls_session_error_callback_imp 1977 __tcp_connection_tls_session_callback_write_block_invoke.434 error 22",
      },
      {
        template: "Failed to bootstrap path: path = <*>, error = 2: No such file or directory",
        text: "Failed to bootstrap path: path = /usr/libexec/x, error = 2: No such file or directory",
      },
      {
        template: "Failed to bootstrap path: path = <*>, error = 2: No such file or directory",
        text: "Failed to bootstrap path: path = /Applications/Y.app, error = 2: No such file or directory",
      },
      {
        template: "Sandbox: com.apple.Addres(<*>) deny(<*>) network-outbound <*>",
        text: "Sandbox: com.apple.Addres(34830) deny(1) network-outbound /private/var/run/mDNSResponder",
      },
      {
        template: "Sandbox: com.apple.Addres(<*>) deny(<*>) network-outbound <*>",
        text: "Sandbox: com.apple.Addres(3490) deny(1) network-outbound /private/var/x",
      },
      { template: "-[SOAutoUpdate main] <*> (items <*>)", text: "-[SOAutoUpdate main] 12 (items 3)" },
      { template: "-[SOAutoUpdate main] <*> (items <*>)", text: "-[SOAutoUpdate main] 99 (items 0)" },
      {
        template: "Unable to simultaneously satisfy constraints:",
        text: "Unable to simultaneously satisfy constraints:",
      },
      {
        template: "Invalid connection: com.apple.coresymbolicationd",
        text: "Invalid connection: com.apple.coresymbolicationd",
      },
      { template: "[BL] <NSView: <*>> is already removed", text: "[BL] <NSView: 0x7f9c1a2b3c40> is already removed" },
      { template: "[BL] <NSView: <*>> is already removed", text: "[BL] <NSView: 0x600000a12340> is already removed" },
    ],
  },
  {
    name: "Android",
    type: "Android",
    lines: [
      { template: "HBM brightnessIn =<*>", text: "HBM brightnessIn =38" },
      { template: "HBM brightnessIn =<*>", text: "HBM brightnessIn =255" },
      {
        template:
          "Skipping AppWindowToken{<*> token=Token{<*> ActivityRecord{<*> u0 com.tencent.qt.qtl/com.tencent.video.player.activity.PlayerActivity t761}}} -- going to hide",
        text: "Skipping AppWindowToken{df0798e token=Token{78af589 ActivityRecord{3b04890 u0 com.tencent.qt.qtl/com.tencent.video.player.activity.PlayerActivity t761}}} -- going to hide",
      },
      {
        template:
          "Skipping AppWindowToken{<*> token=Token{<*> ActivityRecord{<*> u0 com.tencent.qt.qtl/com.tencent.video.player.activity.PlayerActivity t761}}} -- going to hide",
        text: "Skipping AppWindowToken{1a2b3c4 token=Token{9f8e7d6 ActivityRecord{5c6d7e8 u0 com.tencent.qt.qtl/com.tencent.video.player.activity.PlayerActivity t761}}} -- going to hide",
      },
      {
        template: "acquire lock=<*>, flags=<*>, tag=<*>, name=com.android.systemui, ws=null, uid=<*>, pid=<*>",
        text: 'acquire lock=233570404, flags=0x1, tag="View Lock", name=com.android.systemui, ws=null, uid=10037, pid=2227',
      },
      {
        template: "acquire lock=<*>, flags=<*>, tag=<*>, name=com.android.systemui, ws=null, uid=<*>, pid=<*>",
        text: 'acquire lock=189667585, flags=0x1, tag="View Lock", name=com.android.systemui, ws=null, uid=10033, pid=99',
      },
      {
        template:
          "ready=true,policy=<*>,wakefulness=<*>,wksummary=<*>,uasummary=<*>,bootcompleted=true,boostinprogress=false,waitmodeenable=false,mode=false,manual=<*>,auto=<*>,adj=<*> userId=<*>",
        text: "ready=true,policy=3,wakefulness=1,wksummary=0x23,uasummary=0x1,bootcompleted=true,boostinprogress=false,waitmodeenable=false,mode=false,manual=38,auto=-1,adj=0.0 userId=0",
      },
      {
        template:
          "ready=true,policy=<*>,wakefulness=<*>,wksummary=<*>,uasummary=<*>,bootcompleted=true,boostinprogress=false,waitmodeenable=false,mode=false,manual=<*>,auto=<*>,adj=<*> userId=<*>",
        text: "ready=true,policy=3,wakefulness=1,wksummary=0x1,uasummary=0x4,bootcompleted=true,boostinprogress=false,waitmodeenable=false,mode=false,manual=40,auto=-1,adj=0.5 userId=0",
      },
      {
        template:
          "setSystemUiVisibility vis=<*> mask=<*> oldVal=<*> newVal=<*> diff=<*> fullscreenStackVis=<*> dockedStackVis=<*>, fullscreenStackBounds=Rect(<*>), dockedStackBounds=Rect(<*>)",
        text: "setSystemUiVisibility vis=0 mask=1 oldVal=40000500 newVal=40000500 diff=0 fullscreenStackVis=0 dockedStackVis=0, fullscreenStackBounds=Rect(0, 0 - 0, 0), dockedStackBounds=Rect(0, 0 - 0, 0)",
      },
      {
        template:
          "setSystemUiVisibility vis=<*> mask=<*> oldVal=<*> newVal=<*> diff=<*> fullscreenStackVis=<*> dockedStackVis=<*>, fullscreenStackBounds=Rect(<*>), dockedStackBounds=Rect(<*>)",
        text: "setSystemUiVisibility vis=40000500 mask=1 oldVal=508 newVal=40000500 diff=40000008 fullscreenStackVis=0 dockedStackVis=0, fullscreenStackBounds=Rect(0, 0 - 720, 1280), dockedStackBounds=Rect(0, 0 - 0, 0)",
      },
      {
        template:
          "Destroying surface Surface(name=PopupWindow:<*>) called by com.android.server.wm.WindowStateAnimator.destroySurface:<*>",
        text: "Destroying surface Surface(name=PopupWindow:317d46a) called by com.android.server.wm.WindowStateAnimator.destroySurface:2060",
      },
      {
        template:
          "Destroying surface Surface(name=PopupWindow:<*>) called by com.android.server.wm.WindowStateAnimator.destroySurface:<*>",
        text: "Destroying surface Surface(name=PopupWindow:9fe1c0a) called by com.android.server.wm.WindowStateAnimator.destroySurface:881",
      },
      { template: "cancelAutohide", text: "cancelAutohide" },
      { template: "setLightsOn(true)", text: "setLightsOn(true)" },
      {
        template: "Killing <*>:com.acme.app/u0a123 (adj <*>): empty #<*>",
        text: "Killing 12345:com.acme.app/u0a123 (adj 900): empty #17",
      },
      {
        template: "Killing <*>:com.acme.app/u0a123 (adj <*>): empty #<*>",
        text: "Killing 99:com.acme.app/u0a123 (adj 906): empty #31",
      },
      {
        template: "Slow operation: <*> so far, now at startProcess: returned from zygote!",
        text: "Slow operation: 512ms so far, now at startProcess: returned from zygote!",
      },
      {
        template: "Slow operation: <*> so far, now at startProcess: returned from zygote!",
        text: "Slow operation: 61ms so far, now at startProcess: returned from zygote!",
      },
      {
        template: "Skipped <*> frames! The application may be doing too much work on its main thread.",
        text: "Skipped 62 frames!  The application may be doing too much work on its main thread.",
      },
      {
        template: "Skipped <*> frames! The application may be doing too much work on its main thread.",
        text: "Skipped 140 frames!  The application may be doing too much work on its main thread.",
      },
      {
        template:
          "Background concurrent copying GC freed <*>(<*>) AllocSpace objects, <*>(<*>) LOS objects, <*> free, <*>, paused <*> total <*>",
        text: "Background concurrent copying GC freed 12345(678KB) AllocSpace objects, 3(60KB) LOS objects, 49% free, 4MB/8MB, paused 123us total 45.678ms",
      },
      {
        template:
          "Background concurrent copying GC freed <*>(<*>) AllocSpace objects, <*>(<*>) LOS objects, <*> free, <*>, paused <*> total <*>",
        text: "Background concurrent copying GC freed 99(1234KB) AllocSpace objects, 0(0B) LOS objects, 50% free, 12MB/24MB, paused 1.2ms total 145.6ms",
      },
      {
        template: "getRunningAppProcesses: caller <*> does not hold REAL_GET_TASKS; limiting output",
        text: "getRunningAppProcesses: caller 10113 does not hold REAL_GET_TASKS; limiting output",
      },
      {
        template: "getRunningAppProcesses: caller <*> does not hold REAL_GET_TASKS; limiting output",
        text: "getRunningAppProcesses: caller 10111 does not hold REAL_GET_TASKS; limiting output",
      },
      { template: "visible is system.call.count.gt.<*>", text: "visible is system.call.count.gt.12" },
      { template: "visible is system.call.count.gt.<*>", text: "visible is system.call.count.gt.3" },
      {
        template: "Audio playback active for at least <*> seconds",
        text: "Audio playback active for at least 3661 seconds",
      },
      {
        template: "Audio playback active for at least <*> seconds",
        text: "Audio playback active for at least 5 seconds",
      },
    ],
  },
  {
    name: "Thunderbird",
    type: "Thunderbird",
    lines: [
      { template: "session closed for user root", text: "session closed for user root" },
      { template: "(root) CMD (run-parts <*>)", text: "(root) CMD (run-parts /etc/cron.hourly)" },
      { template: "(root) CMD (run-parts <*>)", text: "(root) CMD (run-parts /etc/cron.daily)" },
      { template: "check pass; user unknown", text: "check pass; user unknown" },
      { template: "synchronized to <*>, stratum <*>", text: "synchronized to 10.100.20.250, stratum 3" },
      { template: "synchronized to <*>, stratum <*>", text: "synchronized to 10.100.16.250, stratum 4" },
      {
        template: "data_thread() got not answer from any [Thunderbird_A8] datasource",
        text: "data_thread() got not answer from any [Thunderbird_A8] datasource",
      },
      {
        template: "DHCPDISCOVER from <*> via eth1: network A: no free leases",
        text: "DHCPDISCOVER from 00:11:43:e3:ba:c3 via eth1: network A: no free leases",
      },
      {
        template: "DHCPDISCOVER from <*> via eth1: network A: no free leases",
        text: "DHCPDISCOVER from 00:11:43:e3:00:01 via eth1: network A: no free leases",
      },
      {
        template: "kernel: ib_sm_sweep.c:<*> ib_sm_sweep: No topology change",
        text: "kernel: ib_sm_sweep.c:1455 ib_sm_sweep: No topology change",
      },
      {
        template: "kernel: ib_sm_sweep.c:<*> ib_sm_sweep: No topology change",
        text: "kernel: ib_sm_sweep.c:1482 ib_sm_sweep: No topology change",
      },
      {
        template: "[KERNEL_IB][ib_sm_mad_send][ib_sm.c:<*>]Couldn't send to <*>",
        text: "[KERNEL_IB][ib_sm_mad_send][ib_sm.c:512]Couldn't send to 0x5ad:4",
      },
      {
        template: "[KERNEL_IB][ib_sm_mad_send][ib_sm.c:<*>]Couldn't send to <*>",
        text: "[KERNEL_IB][ib_sm_mad_send][ib_sm.c:512]Couldn't send to 0x6ad:7",
      },
      {
        template: "Losing some ticks... checking if CPU frequency changed.",
        text: "Losing some ticks... checking if CPU frequency changed.",
      },
      { template: "Server listening on <*> port <*>.", text: "Server listening on 0.0.0.0 port 22." },
      {
        template: "<*>: from=root, size=<*>, class=<*>, nrcpts=<*>, msgid=<<*>>, relay=root@localhost",
        text: "jA9NNJJV007415: from=root, size=2620, class=0, nrcpts=1, msgid=<200511092323.jA9NNJJV007415@tbird-sm1.example.com>, relay=root@localhost",
      },
      {
        template: "<*>: from=root, size=<*>, class=<*>, nrcpts=<*>, msgid=<<*>>, relay=root@localhost",
        text: "jA9NP1ds019732: from=root, size=99, class=0, nrcpts=1, msgid=<200511092325.jA9NP1ds019732@tbird-sm1.example.com>, relay=root@localhost",
      },
      {
        template: "ACPI: LAPIC (acpi_id[<*>] lapic_id[<*>] enabled)",
        text: "ACPI: LAPIC (acpi_id[0x01] lapic_id[0x00] enabled)",
      },
      {
        template: "ACPI: LAPIC (acpi_id[<*>] lapic_id[<*>] enabled)",
        text: "ACPI: LAPIC (acpi_id[0x03] lapic_id[0x06] enabled)",
      },
      {
        template: "CPU1: Intel P4/Xeon Extended MCE MSRs (<*>) available",
        text: "CPU1: Intel P4/Xeon Extended MCE MSRs (12) available",
      },
      {
        template: "mptscsih: ioc0: attempting task abort! (sc=<*>)",
        text: "mptscsih: ioc0: attempting task abort! (sc=000001007f6c5380)",
      },
      {
        template: "mptscsih: ioc0: attempting task abort! (sc=<*>)",
        text: "mptscsih: ioc0: attempting task abort! (sc=00000100e1c5a0c0)",
      },
      { template: "scsi(<*>): error 0x10000", text: "scsi(0:0:0): error 0x10000" },
    ],
  },
  {
    name: "HPC",
    type: "HPC",
    lines: [
      {
        template: 'Component State Change: Component "alt0" is in the unavailable state (HWID=<*>)',
        text: 'Component State Change: Component "alt0" is in the unavailable state (HWID=3180)',
      },
      {
        template: 'Component State Change: Component "alt0" is in the unavailable state (HWID=<*>)',
        text: 'Component State Change: Component "alt0" is in the unavailable state (HWID=2474)',
      },
      { template: "Temperature (<*>) exceeds warning threshold", text: "Temperature (41C) exceeds warning threshold" },
      { template: "Temperature (<*>) exceeds warning threshold", text: "Temperature (38C) exceeds warning threshold" },
      { template: "ambient=<*>", text: "ambient=28" },
      { template: "ambient=<*>", text: "ambient=32" },
      { template: "Fan speeds ( <*> )", text: "Fan speeds ( 3552 3534 3375 4354 3515 3479 )" },
      { template: "Fan speeds ( <*> )", text: "Fan speeds ( 3534 3534 3375 4515 3479 3515 )" },
      {
        template: "Link error on broadcast tree Interconnect-0T00:<*>",
        text: "Link error on broadcast tree Interconnect-0T00:00:0:0",
      },
      {
        template: "Link error on broadcast tree Interconnect-0T00:<*>",
        text: "Link error on broadcast tree Interconnect-0T00:01:7:3",
      },
      {
        template: "ServerFileSystem: An ServerFileSystem domain panic has occurred on storage442",
        text: "ServerFileSystem: An ServerFileSystem domain panic has occurred on storage442",
      },
      { template: "Link ok", text: "Link ok" },
      { template: "boot (command <*>)", text: "boot (command 1911)" },
      { template: "boot (command <*>)", text: "boot (command 2044)" },
      { template: "PSU status ( on on )", text: "PSU status ( on on )" },
      { template: "PSU status ( off on )", text: "PSU status ( off on )" },
      {
        template: "Targeting domains:node-D1 and nodes:node-[<*>] child of command <*>",
        text: "Targeting domains:node-D1 and nodes:node-[40-63] child of command 2332",
      },
      {
        template: "Targeting domains:node-D1 and nodes:node-[<*>] child of command <*>",
        text: "Targeting domains:node-D1 and nodes:node-[72-95] child of command 1829",
      },
      {
        template: "ClusterFileSystem: There is no server for ServerFileSystem domain storage442",
        text: "ClusterFileSystem: There is no server for ServerFileSystem domain storage442",
      },
      {
        template: "node-<*> failed to respond to ping, psu failure",
        text: "node-101 failed to respond to ping, psu failure",
      },
      {
        template: "node-<*> failed to respond to ping, psu failure",
        text: "node-7 failed to respond to ping, psu failure",
      },
    ],
  },
  {
    name: "HealthApp",
    type: "HealthApp",
    lines: [
      { template: "onStandStepChanged <*>", text: "onStandStepChanged 3579" },
      { template: "onStandStepChanged <*>", text: "onStandStepChanged 3601" },
      { template: "onExtend:<*>", text: "onExtend:1514038530000 14 0 4" },
      { template: "onExtend:<*>", text: "onExtend:1514038590000 1 12 7" },
      { template: "flush sensor data", text: "flush sensor data" },
      {
        template: "calculateCaloriesWithCache totalCalories=<*>",
        text: "calculateCaloriesWithCache totalCalories=126775",
      },
      { template: "calculateCaloriesWithCache totalCalories=<*>", text: "calculateCaloriesWithCache totalCalories=5" },
      {
        template: "getTodayTotalDetailSteps = <*>##<*>##<*>##<*>##<*>##<*>",
        text: "getTodayTotalDetailSteps = 1514038440000##6993##548365##8661##12266##27164404",
      },
      {
        template: "getTodayTotalDetailSteps = <*>##<*>##<*>##<*>##<*>##<*>",
        text: "getTodayTotalDetailSteps = 1514038500000##7008##548365##8661##12361##27173954",
      },
      {
        template: "setTodayTotalDetailSteps=<*>##<*>##<*>##<*>##<*>##<*>",
        text: "setTodayTotalDetailSteps=1514038440000##6993##548365##8661##12266##27164404",
      },
      {
        template: "setTodayTotalDetailSteps=<*>##<*>##<*>##<*>##<*>##<*>",
        text: "setTodayTotalDetailSteps=1514038500000##7##5##8##1##9",
      },
      { template: "REPORT : <*>", text: "REPORT : 7007 5002 150089 240" },
      { template: "REPORT : <*>", text: "REPORT : 7010 5003 150147 240" },
      { template: "uploadStaticsToDB failed message=true", text: "uploadStaticsToDB failed message=true" },
      {
        template: "processHandleBroadcastAction action:android.intent.action.SCREEN_ON",
        text: "processHandleBroadcastAction action:android.intent.action.SCREEN_ON",
      },
      {
        template: "processHandleBroadcastAction action:android.intent.action.SCREEN_OFF",
        text: "processHandleBroadcastAction action:android.intent.action.SCREEN_OFF",
      },
      {
        template: "upLoadOneMinuteDataToEngine time=<*>",
        text: "upLoadOneMinuteDataToEngine time=25233968,3786,200,0,0",
      },
      { template: "upLoadOneMinuteDataToEngine time=<*>", text: "upLoadOneMinuteDataToEngine time=25233975,0,0,0,1" },
      {
        template: "insertHiHealthData() bulkSaveDetailHiHealthData fail errorCode = 4,errorMessage = ERR_DATA_INSERT",
        text: "insertHiHealthData() bulkSaveDetailHiHealthData fail errorCode = 4,errorMessage = ERR_DATA_INSERT",
      },
      {
        template: "insertHiHealthData() bulkSaveDetailHiHealthData fail errorCode = 7,errorMessage = ERR_DATA_INSERT",
        text: "insertHiHealthData() bulkSaveDetailHiHealthData fail errorCode = 7,errorMessage = ERR_DATA_INSERT",
      },
      {
        template: "aggregateHiHealthData() onResult type=<*> size=<*>",
        text: "aggregateHiHealthData() onResult type=3 size=12",
      },
      {
        template: "aggregateHiHealthData() onResult type=<*> size=<*>",
        text: "aggregateHiHealthData() onResult type=4 size=0",
      },
    ],
  },
  {
    name: "OpenStack",
    type: "OpenStack",
    lines: [
      {
        template: "[instance: <*>] VM Started (Lifecycle Event)",
        text: "[instance: b9000564-fe1a-409b-b8cc-1e88b294cd1d] VM Started (Lifecycle Event)",
      },
      {
        template: "[instance: <*>] VM Started (Lifecycle Event)",
        text: "[instance: 43204226-0ea6-4a6d-8d4c-1c7b1b3a1a1a] VM Started (Lifecycle Event)",
      },
      {
        template: "<*> status: 200 len: <*> time: <*>",
        text: '10.11.10.1 "GET /v2/54fadb412c4e40cdbaed9335e4c35a9e/servers/detail HTTP/1.1" status: 200 len: 1893 time: 0.2477829',
      },
      {
        template: "<*> status: 200 len: <*> time: <*>",
        text: '10.11.10.2 "GET /v2/11111b412c4e40cdbaed9335e4c35a9e/servers/detail HTTP/1.1" status: 200 len: 1910 time: 0.2734',
      },
      {
        template: "<*> status: 500 len: <*> time: <*>",
        text: '10.11.10.1 "GET /v2/54fadb412c4e40cdbaed9335e4c35a9e/servers/detail HTTP/1.1" status: 500 len: 1893 time: 0.2477829',
      },
      {
        template: "[instance: <*>] Took <*> seconds to spawn the instance on the hypervisor.",
        text: "[instance: b9000564-fe1a-409b-b8cc-1e88b294cd1d] Took 19.05 seconds to spawn the instance on the hypervisor.",
      },
      {
        template: "[instance: <*>] Took <*> seconds to spawn the instance on the hypervisor.",
        text: "[instance: 99000564-fe1a-409b-b8cc-1e88b294cd1d] Took 2.5 seconds to spawn the instance on the hypervisor.",
      },
      {
        template: "image <*> at (<*>): checking",
        text: "image 0673dd71-34c5-4fbb-86c4-40623fbe45b4 at (/var/lib/nova/instances/_base/a489c868f0c37da93b76227c91bb03908ac0e742): checking",
      },
      {
        template: "image <*> at (<*>): checking",
        text: "image 1173dd71-34c5-4fbb-86c4-40623fbe45b4 at (/var/lib/nova/instances/_base/b489c868f0c37da93b76227c91bb03908ac0e742): checking",
      },
      {
        template: "Total usable vcpus: <*>, total allocated vcpus: <*>",
        text: "Total usable vcpus: 16, total allocated vcpus: 0",
      },
      {
        template: "Total usable vcpus: <*>, total allocated vcpus: <*>",
        text: "Total usable vcpus: 16, total allocated vcpus: 12",
      },
      {
        template:
          "Final resource view: name=<*> phys_ram=<*> used_ram=<*> phys_disk=<*> used_disk=<*> total_vcpus=<*> used_vcpus=<*> pci_stats=[]",
        text: "Final resource view: name=cp-1.slowvm1.tcloud-pg0.utah.example.net phys_ram=64172MB used_ram=512MB phys_disk=15GB used_disk=0GB total_vcpus=16 used_vcpus=0 pci_stats=[]",
      },
      {
        template:
          "Final resource view: name=<*> phys_ram=<*> used_ram=<*> phys_disk=<*> used_disk=<*> total_vcpus=<*> used_vcpus=<*> pci_stats=[]",
        text: "Final resource view: name=cp-2.slowvm2.tcloud-pg0.utah.example.net phys_ram=128MB used_ram=2560MB phys_disk=1GB used_disk=20GB total_vcpus=32 used_vcpus=1 pci_stats=[]",
      },
      {
        template: "HTTP exception thrown: No instances found for any event",
        text: "HTTP exception thrown: No instances found for any event",
      },
      {
        template: "Creating event network-vif-plugged:<*> for instance <*>",
        text: "Creating event network-vif-plugged:e3871ffd-5cd5-4287-bddd-3529f7b59515 for instance b9000564-fe1a-409b-b8cc-1e88b294cd1d",
      },
      {
        template: "Creating event network-vif-plugged:<*> for instance <*>",
        text: "Creating event network-vif-plugged:f3871ffd-5cd5-4287-bddd-3529f7b59515 for instance a9000564-fe1a-409b-b8cc-1e88b294cd1d",
      },
      {
        template:
          "While synchronizing instance power states, found <*> instances in the database and <*> instances on the hypervisor.",
        text: "While synchronizing instance power states, found 1 instances in the database and 0 instances on the hypervisor.",
      },
      {
        template:
          "While synchronizing instance power states, found <*> instances in the database and <*> instances on the hypervisor.",
        text: "While synchronizing instance power states, found 12 instances in the database and 11 instances on the hypervisor.",
      },
      {
        template: "[instance: <*>] Attempting claim: memory <*>, disk <*>, vcpus <*> CPU",
        text: "[instance: b9000564-fe1a-409b-b8cc-1e88b294cd1d] Attempting claim: memory 2048 MB, disk 20 GB, vcpus 1 CPU",
      },
      {
        template: "[instance: <*>] Attempting claim: memory <*>, disk <*>, vcpus <*> CPU",
        text: "[instance: b9000564-fe1a-409b-b8cc-1e88b294cd1e] Attempting claim: memory 4096 MB, disk 40 GB, vcpus 2 CPU",
      },
      {
        template: "Base or swap file too young to remove: <*>",
        text: "Base or swap file too young to remove: /var/lib/nova/instances/_base/a489c868f0c37da93b76227c91bb03908ac0e742",
      },
      {
        template: "Base or swap file too young to remove: <*>",
        text: "Base or swap file too young to remove: /x/_base/a",
      },
      { template: "Loading compute driver <*>", text: "Loading compute driver 'libvirt.LibvirtDriver'" },
    ],
  },
  {
    name: "Proxifier",
    type: "Proxifier",
    lines: [
      {
        template: "<*> close, <*> bytes sent, <*> bytes received, lifetime <*>",
        text: "proxy.cse.cuhk.edu.hk:5070 close, 0 bytes sent, 0 bytes received, lifetime 00:01",
      },
      {
        template: "<*> close, <*> bytes sent, <*> bytes received, lifetime <*>",
        text: "proxy.cse.cuhk.edu.hk:5070 close, 1165 bytes sent, 7177 bytes received, lifetime 01:22",
      },
      {
        template: "<*> close, <*> bytes (<*>) sent, <*> bytes (<*>) received, lifetime <*>",
        text: "proxy.cse.cuhk.edu.hk:5070 close, 1165 bytes (1.13 KB) sent, 7177 bytes (7.00 KB) received, lifetime 00:02",
      },
      {
        template: "<*> close, <*> bytes (<*>) sent, <*> bytes (<*>) received, lifetime <*>",
        text: "proxy.cse.cuhk.edu.hk:5070 close, 4293 bytes (4.19 KB) sent, 3064 bytes (2.99 KB) received, lifetime 11:40",
      },
      { template: "open through proxy <*> HTTPS", text: "open through proxy proxy.cse.cuhk.edu.hk:5070 HTTPS" },
      {
        template:
          "<*> error : Could not connect through proxy <*> - Proxy server cannot establish a connection with the target, status code 403",
        text: "ssl.gstatic.com:443 error : Could not connect through proxy proxy.cse.cuhk.edu.hk:5070 - Proxy server cannot establish a connection with the target, status code 403",
      },
      {
        template:
          "<*> error : Could not connect through proxy <*> - Proxy server cannot establish a connection with the target, status code 403",
        text: "183.62.156.108:27 error : Could not connect through proxy proxy.cse.cuhk.edu.hk:5070 - Proxy server cannot establish a connection with the target, status code 403",
      },
      {
        template:
          "<*> error : Could not connect through proxy <*> - Proxy server cannot establish a connection with the target, status code 503",
        text: "ssl.gstatic.com:443 error : Could not connect through proxy proxy.cse.cuhk.edu.hk:5070 - Proxy server cannot establish a connection with the target, status code 503",
      },
      {
        template: "<*> error : A connection request was canceled before the completion.",
        text: "ssl.gstatic.com:443 error : A connection request was canceled before the completion.",
      },
      {
        template: "<*> error : A connection request was canceled before the completion.",
        text: "play.google.com:443 error : A connection request was canceled before the completion.",
      },
      {
        template: "<*> error : Could not connect to proxy <*> - connection attempt failed with error 10061",
        text: "ssl.gstatic.com:443 error : Could not connect to proxy proxy.cse.cuhk.edu.hk:5070 - connection attempt failed with error 10061",
      },
      {
        template: "<*> error : Could not connect to proxy <*> - connection attempt failed with error 10061",
        text: "a.com:443 error : Could not connect to proxy proxy.cse.cuhk.edu.hk:5070 - connection attempt failed with error 10061",
      },
    ],
  },
];
