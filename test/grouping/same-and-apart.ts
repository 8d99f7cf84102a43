/** Messages of one error class, in the words in which real software prints them. */
export interface Family {
  readonly name: string;
  readonly type: string;
  readonly values: readonly string[];
}

/** The values of a family differ in their data only: they are one issue. */
export const SAME: readonly Family[] = [
  // Browsers
  {
    name: "Chrome: JSON at a position",
    type: "SyntaxError",
    values: ["Unexpected token < in JSON at position 0", "Unexpected token < in JSON at position 417"],
  },
  {
    name: "Chrome: JSON with an excerpt",
    type: "SyntaxError",
    values: [
      "Unexpected token '<', \"<!DOCTYPE \"... is not valid JSON",
      "Unexpected token '<', \"<html><hea\"... is not valid JSON",
      "Unexpected token '<', \"<?xml vers\"... is not valid JSON",
    ],
  },
  {
    name: "Chrome: JSON after a property",
    type: "SyntaxError",
    values: [
      "Expected ',' or '}' after property value in JSON at position 17 (line 1 column 18)",
      "Expected ',' or '}' after property value in JSON at position 20411 (line 633 column 9)",
    ],
  },
  {
    name: "Chrome: invalid selector",
    type: "SyntaxError",
    values: [
      "Failed to execute 'querySelector' on 'Document': '#17' is not a valid selector.",
      "Failed to execute 'querySelector' on 'Document': '#4f2a:row' is not a valid selector.",
      "Failed to execute 'querySelector' on 'Document': '#/orders/18' is not a valid selector.",
    ],
  },
  {
    name: "Chrome: cross-origin frame",
    type: "SecurityError",
    values: [
      'Blocked a frame with origin "https://shop.example.com" from accessing a cross-origin frame.',
      'Blocked a frame with origin "https://staging.example.org:8443" from accessing a cross-origin frame.',
    ],
  },
  {
    name: "Chrome: storage quota",
    type: "QuotaExceededError",
    values: [
      "Failed to execute 'setItem' on 'Storage': Setting the value of 'cart-17' exceeded the quota.",
      "Failed to execute 'setItem' on 'Storage': Setting the value of 'cart-20931' exceeded the quota.",
    ],
  },
  {
    name: "Chrome: canvas side",
    type: "IndexSizeError",
    values: [
      "Failed to execute 'getImageData' on 'CanvasRenderingContext2D': The source width is 0.5.",
      "Failed to execute 'getImageData' on 'CanvasRenderingContext2D': The source width is -12.",
    ],
  },
  {
    name: "Chrome: negative radius",
    type: "IndexSizeError",
    values: [
      "Failed to execute 'arc' on 'CanvasRenderingContext2D': The radius provided (-2.5) is negative.",
      "Failed to execute 'arc' on 'CanvasRenderingContext2D': The radius provided (-1e-7) is negative.",
      "Failed to execute 'arc' on 'CanvasRenderingContext2D': The radius provided (-140) is negative.",
    ],
  },
  {
    name: "Chrome: out of range number",
    type: "RangeError",
    values: ["Invalid count value: -1", "Invalid count value: -23"],
  },
  {
    name: "Chrome: dynamic import",
    type: "TypeError",
    values: [
      "Failed to fetch dynamically imported module: https://shop.example.com/assets/Orders-3f2a1b7c.js",
      "Failed to fetch dynamically imported module: https://shop.example.com/assets/Checkout-D4x9Qz_1.js",
    ],
  },
  {
    name: "Firefox: dynamic import",
    type: "TypeError",
    values: [
      "error loading dynamically imported module: https://shop.example.com/assets/Orders-3f2a1b7c.js",
      "error loading dynamically imported module: https://www.example.org/assets/Cart-9be01a44.js",
    ],
  },
  {
    name: "Firefox: JSON place",
    type: "SyntaxError",
    values: [
      "JSON.parse: unexpected character at line 1 column 1 of the JSON data",
      "JSON.parse: unexpected character at line 12 column 403 of the JSON data",
    ],
  },
  {
    name: "Safari: script load",
    type: "Error",
    values: [
      "Script https://cdn.example.com/widget.js?v=1704164645 load failed",
      "Script https://cdn.example.com/widget.js?v=1706857445 load failed",
    ],
  },
  {
    name: "Service worker script",
    type: "TypeError",
    values: [
      "Failed to register a ServiceWorker for scope ('https://shop.example.com/') with script ('https://shop.example.com/sw.js?rev=17'): A bad HTTP response code (404) was received when fetching the script.",
      "Failed to register a ServiceWorker for scope ('https://eu.example.com/') with script ('https://eu.example.com/sw.js?rev=21'): A bad HTTP response code (404) was received when fetching the script.",
    ],
  },
  {
    name: "Media source address",
    type: "NotSupportedError",
    values: [
      "Failed to load because no supported source was found: blob:https://shop.example.com/550e8400-e29b-41d4-a716-446655440000",
      "Failed to load because no supported source was found: blob:https://shop.example.com/7d444840-9dc0-11d1-b245-5ffdce74fad2",
    ],
  },
  {
    name: "Long task",
    type: "Error",
    values: [
      "Main thread was blocked for 1250ms on /orders/17",
      "Main thread was blocked for 843ms on /orders/18/edit",
    ],
  },

  // Bundlers and frameworks
  {
    name: "webpack chunk",
    type: "ChunkLoadError",
    values: [
      "Loading chunk 17 failed.\n(error: https://cdn.example.com/static/js/17.3a4b5c6d.chunk.js)",
      "Loading chunk 3 failed.\n(error: https://cdn.example.com/static/js/3.9f8e7d6c.chunk.js)",
      "Loading chunk 482 failed.\n(error: https://eu.example.com/static/js/482.00ab12cd.chunk.js)",
    ],
  },
  {
    name: "webpack chunk, timeout",
    type: "ChunkLoadError",
    values: [
      "Loading chunk 5 failed.\n(timeout: https://cdn.example.com/js/5.c0ffee12.js)",
      "Loading chunk 61 failed.\n(timeout: https://cdn.example.com/js/61.1badb002.js)",
    ],
  },
  {
    name: "webpack style chunk",
    type: "Error",
    values: [
      "Loading CSS chunk 12 failed.\n(/static/css/12.2f9d1e4a.chunk.css)",
      "Loading CSS chunk 7 failed.\n(/static/css/7.b81c03d5.chunk.css)",
    ],
  },
  {
    name: "Vite preload",
    type: "Error",
    values: [
      "Unable to preload CSS for /assets/index-4f2c9a1b.css",
      "Unable to preload CSS for /assets/Orders-77d1e0aa.css",
    ],
  },
  {
    name: "Angular changed value",
    type: "Error",
    values: [
      "NG0100: ExpressionChangedAfterItHasBeenCheckedError: Expression has changed after it was checked. Previous value: 'ann'. Current value: 'bob'. Expression location: _OrderComponent component. Find more at https://angular.dev/errors/NG0100",
      "NG0100: ExpressionChangedAfterItHasBeenCheckedError: Expression has changed after it was checked. Previous value: '3'. Current value: '14'. Expression location: _OrderComponent component. Find more at https://angular.dev/errors/NG0100",
    ],
  },
  {
    name: "Angular http",
    type: "HttpErrorResponse",
    values: [
      "Http failure response for https://api.example.com/orders/17: 502 Bad Gateway",
      "Http failure response for https://api.example.com/orders/90210?page=4: 502 Bad Gateway",
    ],
  },
  {
    name: "Next.js data",
    type: "Error",
    values: ["Failed to load static props for /products/1843", "Failed to load static props for /products/77"],
  },
  {
    name: "query duration",
    type: "Error",
    values: ["Query did not answer in 8.2s (attempt 2 of 3)", "Query did not answer in 950ms (attempt 1 of 3)"],
  },

  // Node.js
  {
    name: "Node.js: connection refused",
    type: "Error",
    values: [
      "connect ECONNREFUSED 127.0.0.1:5432",
      "connect ECONNREFUSED ::1:5432",
      "connect ECONNREFUSED 10.0.3.17:5432",
    ],
  },
  {
    name: "Node.js: connection refused, by path",
    type: "Error",
    values: ["connect ENOENT /var/run/docker.sock", "connect ENOENT /tmp/.s.PGSQL.5432"],
  },
  {
    name: "Node.js: connection timed out",
    type: "Error",
    values: [
      "connect ETIMEDOUT 52.216.10.43:443",
      "connect ETIMEDOUT 140.82.121.4:443",
      "connect ETIMEDOUT 2001:db8::8a2e:370:7334:443",
    ],
  },
  {
    name: "Node.js: connection timed out, with the local side",
    type: "Error",
    values: [
      "connect ETIMEDOUT 10.1.2.3:443 - Local (10.0.0.17:51544)",
      "connect ETIMEDOUT 10.1.2.9:443 - Local (10.0.0.21:40112)",
    ],
  },
  {
    name: "Node.js: host unreachable",
    type: "Error",
    values: ["connect EHOSTUNREACH 192.168.1.40:9100", "connect EHOSTUNREACH 192.168.14.7:9100"],
  },
  {
    name: "Node.js: unknown internal host",
    type: "Error",
    values: [
      "getaddrinfo ENOTFOUND db-1.eu-west-1.compute.internal",
      "getaddrinfo ENOTFOUND db-12.us-east-2.compute.internal",
    ],
  },
  {
    name: "Node.js: temporary name failure",
    type: "Error",
    values: [
      "getaddrinfo EAI_AGAIN redis-0.redis.prod.svc.cluster.local",
      "getaddrinfo EAI_AGAIN redis-2.redis.prod.svc.cluster.local",
    ],
  },
  {
    name: "Node.js: address in use",
    type: "Error",
    values: [
      "listen EADDRINUSE: address already in use :::3000",
      "listen EADDRINUSE: address already in use :::8080",
      "listen EADDRINUSE: address already in use 0.0.0.0:3000",
    ],
  },
  {
    name: "Node.js: no such file",
    type: "Error",
    values: [
      "ENOENT: no such file or directory, open '/tmp/upload-17.png'",
      "ENOENT: no such file or directory, open '/var/lib/app/uploads/2024/01/invoice 42.pdf'",
      "ENOENT: no such file or directory, open 'C:\\Users\\ann\\AppData\\Local\\Temp\\up_99.png'",
    ],
  },
  {
    name: "Node.js: no such file, rename",
    type: "Error",
    values: [
      "ENOENT: no such file or directory, rename '/tmp/a81.part' -> '/data/a81.zip'",
      "ENOENT: no such file or directory, rename '/tmp/b02.part' -> '/data/in/b02.zip'",
    ],
  },
  {
    name: "Node.js: permission",
    type: "Error",
    values: [
      "EACCES: permission denied, mkdir '/srv/releases/20240102030405/cache'",
      "EACCES: permission denied, mkdir '/srv/releases/20240214111213/cache'",
    ],
  },
  {
    name: "Node.js: too many files",
    type: "Error",
    values: [
      "EMFILE: too many open files, open '/app/views/order.ejs'",
      "EMFILE: too many open files, open '/app/public/logo.svg'",
    ],
  },
  {
    name: "Node.js: module by its path",
    type: "Error",
    values: [
      "Cannot find module '/srv/releases/20240102/dist/server.js'",
      "Cannot find module '/srv/releases/20240219/dist/server.js'",
    ],
  },
  {
    name: "Node.js: out of range argument",
    type: "RangeError",
    values: [
      'The value of "offset" is out of range. It must be >= 0 and <= 17. Received 24',
      'The value of "offset" is out of range. It must be >= 0 and <= 1_048_572. Received -1',
    ],
  },
  {
    name: "Node.js: argument of a type",
    type: "TypeError",
    values: [
      'The "path" argument must be of type string. Received type number (17)',
      'The "path" argument must be of type string. Received type number (20481)',
    ],
  },
  {
    name: "Node.js: wrong alternative name",
    type: "Error",
    values: [
      "Hostname/IP does not match certificate's altnames: Host: api-1.example.com. is not in the cert's altnames: DNS:www.example.org",
      "Hostname/IP does not match certificate's altnames: Host: api-7.example.com. is not in the cert's altnames: DNS:www.example.org",
    ],
  },
  {
    name: "Node.js: OpenSSL thread id",
    type: "Error",
    values: [
      "write EPROTO 139637832030080:error:1408F10B:SSL routines:ssl3_get_record:wrong version number:../deps/openssl/openssl/ssl/record/ssl3_record.c:332:\n",
      "write EPROTO 140423198725952:error:1408F10B:SSL routines:ssl3_get_record:wrong version number:../deps/openssl/openssl/ssl/record/ssl3_record.c:332:\n",
    ],
  },
  {
    name: "Node.js: heap limit",
    type: "Error",
    values: [
      "Process exceeded its memory limit: 2051 MB of 2048 MB",
      "Process exceeded its memory limit: 530.5 MB of 512 MB",
    ],
  },
  {
    name: "Node.js: listeners leak",
    type: "MaxListenersExceededWarning",
    values: [
      "Possible EventEmitter memory leak detected. 11 close listeners added to [Socket]. MaxListeners is 10. Use emitter.setMaxListeners() to increase limit",
      "Possible EventEmitter memory leak detected. 21 close listeners added to [Socket]. MaxListeners is 20. Use emitter.setMaxListeners() to increase limit",
    ],
  },
  {
    name: "Node.js: child with a pid",
    type: "Error",
    values: [
      "Child process 4711 did not answer the ping within 3000ms",
      "Child process 31 did not answer the ping within 1.5s",
    ],
  },
  {
    name: "Node.js: engine versions",
    type: "Error",
    values: [
      "Unsupported engine: wanted >=18.0.0, current v16.20.2",
      "Unsupported engine: wanted >=20.9.0, current v18.19.0",
    ],
  },

  // HTTP clients
  { name: "axios timeout", type: "AxiosError", values: ["timeout of 5000ms exceeded", "timeout of 30000ms exceeded"] },
  {
    name: "axios content length",
    type: "AxiosError",
    values: ["maxContentLength size of 2000 exceeded", "maxContentLength size of 10485760 exceeded"],
  },
  {
    name: "undici timeout",
    type: "ConnectTimeoutError",
    values: [
      "Connect Timeout Error (attempted address: api.example.com:443, timeout: 10000ms)",
      "Connect Timeout Error (attempted address: api-2.example.com:443, timeout: 5000ms)",
    ],
  },
  {
    name: "undici many addresses",
    type: "ConnectTimeoutError",
    values: [
      "Connect Timeout Error (attempted addresses: 104.16.1.34:443, 104.16.2.34:443, timeout: 10000ms)",
      "Connect Timeout Error (attempted addresses: 104.16.8.34:443, 104.16.9.34:443, timeout: 10000ms)",
    ],
  },
  {
    name: "node-fetch reason",
    type: "FetchError",
    values: [
      "request to https://api.example.com/v1/orders/17 failed, reason: connect ECONNREFUSED 10.0.0.5:443",
      "request to https://api.example.com/v1/orders/18?full=1 failed, reason: connect ECONNREFUSED 10.0.0.6:443",
    ],
  },
  {
    name: "node-fetch body",
    type: "FetchError",
    values: [
      "invalid json response body at https://api.example.com/v1/users/42 reason: Unexpected end of JSON input",
      "invalid json response body at http://localhost:3000/users/7 reason: Unexpected end of JSON input",
    ],
  },
  {
    name: "status for an address",
    type: "HTTPError",
    values: [
      "Request failed with status code 404 Not Found: GET https://api.example.com/v1/orders/17",
      "Request failed with status code 404 Not Found: GET https://api.example.com/v1/orders/2201",
    ],
  },
  {
    name: "rate limit",
    type: "RateLimitError",
    values: ["429 Too Many Requests: retry after 17", "429 Too Many Requests: retry after 3"],
  },
  {
    name: "language model quota",
    type: "RateLimitError",
    values: [
      "Error code: 429 - {'error': {'message': 'Rate limit reached in organization org-x7Kq29ab on tokens per min. Limit: 10000, Used: 9800, Requested: 512. Please try again in 1.872s.', 'code': 'rate_limit_exceeded'}}",
      "Error code: 429 - {'error': {'message': 'Rate limit reached in organization org-p03Lm8Zt on tokens per min. Limit: 40000, Used: 39120, Requested: 1893. Please try again in 230ms.', 'code': 'rate_limit_exceeded'}}",
    ],
  },
  {
    name: "gRPC unavailable",
    type: "Error",
    values: [
      "14 UNAVAILABLE: No connection established. Last error: connect ECONNREFUSED 10.0.0.5:50051 (2024-01-02T03:04:05.678Z)",
      "14 UNAVAILABLE: No connection established. Last error: connect ECONNREFUSED 10.0.0.9:50051 (2024-02-14T11:12:13.014Z)",
    ],
  },

  // Python
  {
    name: "Python: not an int",
    type: "ValueError",
    values: [
      "invalid literal for int() with base 10: 'abc'",
      "invalid literal for int() with base 10: '12.5'",
      "invalid literal for int() with base 10: ''",
    ],
  },
  {
    name: "Python: not a float",
    type: "ValueError",
    values: [
      "could not convert string to float: '12,50'",
      "could not convert string to float: 'n/a'",
      "could not convert string to float: 'abc'",
    ],
  },
  {
    name: "Python: date does not match",
    type: "ValueError",
    values: [
      "time data '2024/01/02' does not match format '%Y-%m-%d'",
      "time data '2.1.2024' does not match format '%Y-%m-%d'",
      "time data 'yesterday' does not match format '%Y-%m-%d'",
    ],
  },
  {
    name: "Python: bad ISO date",
    type: "ValueError",
    values: ["Invalid isoformat string: '2024-13-01T00:00:00'", "Invalid isoformat string: '02.01.2024'"],
  },
  {
    name: "Python: not in the enumeration",
    type: "ValueError",
    values: ["'purple' is not a valid Color", "'mauve' is not a valid Color", "17 is not a valid Color"],
  },
  { name: "Python: integer key", type: "KeyError", values: ["17", "20931"] },
  {
    name: "Python: UUID key",
    type: "KeyError",
    values: ["'550e8400-e29b-41d4-a716-446655440000'", "'7D444840-9DC0-11D1-B245-5FFDCE74FAD2'"],
  },
  {
    name: "Python: no such file",
    type: "FileNotFoundError",
    values: [
      "[Errno 2] No such file or directory: '/var/lib/app/uploads/17.png'",
      "[Errno 2] No such file or directory: '/home/ann/report 2024-01-02.csv'",
      "[Errno 2] No such file or directory: '~/data/in.csv'",
    ],
  },
  {
    name: "Python: cannot decode",
    type: "UnicodeDecodeError",
    values: [
      "'utf-8' codec can't decode byte 0xff in position 0: invalid start byte",
      "'utf-8' codec can't decode byte 0xe9 in position 1433: invalid start byte",
    ],
  },
  {
    name: "Python: cannot encode",
    type: "UnicodeEncodeError",
    values: [
      "'ascii' codec can't encode character '\\xe9' in position 3: ordinal not in range(128)",
      "'ascii' codec can't encode character '\\u2019' in position 211: ordinal not in range(128)",
    ],
  },
  {
    name: "Python: JSON place",
    type: "JSONDecodeError",
    values: ["Expecting value: line 1 column 1 (char 0)", "Expecting value: line 14 column 3 (char 512)"],
  },
  {
    name: "Python: object in memory",
    type: "TypeError",
    values: [
      "<shop.models.Order object at 0x7f3c2c1d5a80> is not JSON serializable",
      "<shop.models.Order object at 0x10d4b2f30> is not JSON serializable",
    ],
  },
  {
    name: "Python: requests, retries",
    type: "ConnectionError",
    values: [
      "HTTPSConnectionPool(host='api.example.com', port=443): Max retries exceeded with url: /v1/orders/17 (Caused by NewConnectionError('<urllib3.connection.HTTPSConnection object at 0x7f8a1c0b2d90>: Failed to establish a new connection: [Errno 111] Connection refused'))",
      "HTTPSConnectionPool(host='api.example.com', port=443): Max retries exceeded with url: /v1/orders/90210?page=2 (Caused by NewConnectionError('<urllib3.connection.HTTPSConnection object at 0x7f12e44a9fd0>: Failed to establish a new connection: [Errno 111] Connection refused'))",
    ],
  },
  {
    name: "Python: requests, read timeout",
    type: "ReadTimeout",
    values: [
      "HTTPSConnectionPool(host='api.example.com', port=443): Read timed out. (read timeout=30)",
      "HTTPSConnectionPool(host='api.example.com', port=443): Read timed out. (read timeout=2.5)",
    ],
  },
  {
    name: "Python: requests, status",
    type: "HTTPError",
    values: [
      "404 Client Error: Not Found for url: https://api.example.com/v1/orders/17",
      "404 Client Error: Not Found for url: https://api.example.com/v1/users/ann%40example.com",
    ],
  },
  {
    name: "Python: Django, number field",
    type: "ValueError",
    values: ["Field 'id' expected a number but got 'abc'.", "Field 'id' expected a number but got '17-3'."],
  },
  {
    name: "Python: Django, UUID",
    type: "ValidationError",
    values: ["“abc” is not a valid UUID.", "“17” is not a valid UUID.", "“550e8400-e29b” is not a valid UUID."],
  },
  {
    name: "Python: Django, host header",
    type: "DisallowedHost",
    values: [
      "Invalid HTTP_HOST header: '203.0.113.7:8000'. You may need to add '203.0.113.7' to ALLOWED_HOSTS.",
      "Invalid HTTP_HOST header: '198.51.100.23'. You may need to add '198.51.100.23' to ALLOWED_HOSTS.",
    ],
  },
  {
    name: "Python: Django, reverse with arguments",
    type: "NoReverseMatch",
    values: [
      "Reverse for 'order-detail' with arguments '(17,)' not found. 1 pattern(s) tried: ['orders/(?P<pk>[0-9]+)/\\Z']",
      "Reverse for 'order-detail' with arguments '('abc',)' not found. 1 pattern(s) tried: ['orders/(?P<pk>[0-9]+)/\\Z']",
    ],
  },
  {
    name: "Python: Django, many returned",
    type: "MultipleObjectsReturned",
    values: [
      "get() returned more than one Order -- it returned 2!",
      "get() returned more than one Order -- it returned 17!",
    ],
  },
  {
    name: "Python: SQLAlchemy, duplicate key",
    type: "IntegrityError",
    values: [
      "(psycopg2.errors.UniqueViolation) duplicate key value violates unique constraint \"users_email_key\"\nDETAIL:  Key (email)=(ann@example.com) already exists.\n\n[SQL: INSERT INTO users (email, created) VALUES (%(email)s, %(created)s) RETURNING users.id]\n[parameters: {'email': 'ann@example.com', 'created': datetime.datetime(2024, 1, 2, 3, 4, 5)}]\n(Background on this error at: https://sqlalche.me/e/20/gkpj)",
      "(psycopg2.errors.UniqueViolation) duplicate key value violates unique constraint \"users_email_key\"\nDETAIL:  Key (email)=(bob.roe@example.org) already exists.\n\n[SQL: INSERT INTO users (email, created) VALUES (%(email)s, %(created)s) RETURNING users.id]\n[parameters: {'email': 'bob.roe@example.org', 'created': datetime.datetime(2024, 11, 23, 14, 40, 59)}]\n(Background on this error at: https://sqlalche.me/e/20/gkpj)",
    ],
  },
  {
    name: "Python: SQLAlchemy, pool",
    type: "TimeoutError",
    values: [
      "QueuePool limit of size 5 overflow 10 reached, connection timed out, timeout 30.00 (Background on this error at: https://sqlalche.me/e/20/3o7r)",
      "QueuePool limit of size 20 overflow 0 reached, connection timed out, timeout 5.00 (Background on this error at: https://sqlalche.me/e/20/3o7r)",
    ],
  },
  {
    name: "Python: psycopg2, server away",
    type: "OperationalError",
    values: [
      'connection to server at "10.0.0.5", port 5432 failed: Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?\n',
      'connection to server at "10.0.7.21", port 5432 failed: Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?\n',
    ],
  },
  {
    name: "Python: redis-py, refused",
    type: "ConnectionError",
    values: [
      "Error 111 connecting to 10.0.0.5:6379. Connection refused.",
      "Error 111 connecting to 10.0.7.21:6379. Connection refused.",
    ],
  },
  {
    name: "Python: Celery, time limit",
    type: "TimeLimitExceeded",
    values: ["TimeLimitExceeded(300,)", "TimeLimitExceeded(1800,)"],
  },
  {
    name: "Python: Celery, worker lost",
    type: "WorkerLostError",
    values: [
      "Worker exited prematurely: signal 9 (SIGKILL) Job: 17.",
      "Worker exited prematurely: signal 9 (SIGKILL) Job: 2041.",
    ],
  },
  {
    name: "Python: NumPy, memory",
    type: "MemoryError",
    values: [
      "Unable to allocate 1.49 GiB for an array with shape (20000, 10000) and data type float64",
      "Unable to allocate 762. MiB for an array with shape (10000, 9990) and data type float64",
    ],
  },
  {
    name: "Python: NumPy, shapes",
    type: "ValueError",
    values: [
      "operands could not be broadcast together with shapes (3,) (4,) ",
      "operands could not be broadcast together with shapes (128,) (64,) ",
    ],
  },
  {
    name: "Python: torch, memory",
    type: "OutOfMemoryError",
    values: [
      "CUDA out of memory. Tried to allocate 20.00 MiB (GPU 0; 15.78 GiB total capacity; 14.56 GiB already allocated; 9.44 MiB free; 14.68 GiB reserved in total)",
      "CUDA out of memory. Tried to allocate 2.50 GiB (GPU 3; 39.59 GiB total capacity; 36.02 GiB already allocated; 1.19 GiB free; 37.11 GiB reserved in total)",
    ],
  },
  {
    name: "Python: import from a file",
    type: "ImportError",
    values: [
      "cannot import name 'Order' from 'shop.models' (/srv/app-17/shop/models.py)",
      "cannot import name 'Order' from 'shop.models' (/home/ann/src/shop/models.py)",
    ],
  },
  {
    name: "Python: process timeout",
    type: "TimeoutExpired",
    values: [
      "Command '['ffmpeg', '-i', '/tmp/17.mov', '/tmp/17.mp4']' timed out after 120 seconds",
      "Command '['ffmpeg', '-i', '/tmp/9021.mov', '/tmp/9021.mp4']' timed out after 300 seconds",
    ],
  },

  // Ruby
  {
    name: "Ruby: Rails, no record",
    type: "ActiveRecord::RecordNotFound",
    values: [
      "Couldn't find User with 'id'=17",
      "Couldn't find User with 'id'=90210",
      "Couldn't find User with 'id'=550e8400-e29b-41d4-a716-446655440000",
    ],
  },
  {
    name: "Ruby: Rails, not all records",
    type: "ActiveRecord::RecordNotFound",
    values: [
      "Couldn't find all Users with 'id': (1, 2, 3) (found 2 results, but was looking for 3).",
      "Couldn't find all Users with 'id': (41, 57) (found 1 results, but was looking for 2).",
    ],
  },
  {
    name: "Ruby: method on an object",
    type: "NoMethodError",
    values: [
      "undefined method `full_name' for #<User:0x00007f8b1c0a1234>",
      "undefined method `full_name' for #<User:0x000055d4e2f3b9a8>",
    ],
  },
  {
    name: "Ruby: Rails, route",
    type: "ActionController::RoutingError",
    values: ['No route matches [GET] "/wp-login.php"', 'No route matches [GET] "/orders/17/prnt"'],
  },
  {
    name: "Ruby: Rails, pool",
    type: "ActiveRecord::ConnectionTimeoutError",
    values: [
      "could not obtain a connection from the pool within 5.000 seconds (waited 5.003 seconds); all pooled connections were in use",
      "could not obtain a connection from the pool within 10.000 seconds (waited 10.018 seconds); all pooled connections were in use",
    ],
  },
  {
    name: "Ruby: Rack, timeout",
    type: "Rack::Timeout::RequestTimeoutException",
    values: ["Request ran for longer than 15000ms ", "Request ran for longer than 28500ms "],
  },
  {
    name: "Ruby: net open timeout",
    type: "Net::OpenTimeout",
    values: [
      "Failed to open TCP connection to 10.0.0.5:443 (execution expired)",
      "Failed to open TCP connection to api-3.example.com:443 (execution expired)",
    ],
  },
  {
    name: "Ruby: no such file",
    type: "Errno::ENOENT",
    values: [
      "No such file or directory @ rb_sysopen - /app/tmp/exports/17.csv",
      "No such file or directory @ rb_sysopen - /app/tmp/exports/2024-01-02.csv",
    ],
  },
  {
    name: "Ruby: invalid value",
    type: "ArgumentError",
    values: ['invalid value for Integer(): "abc"', 'invalid value for Integer(): "1.5kg"'],
  },

  // Java
  {
    name: "Java: index",
    type: "java.lang.IndexOutOfBoundsException",
    values: [
      "Index 5 out of bounds for length 3",
      "Index 120 out of bounds for length 120",
      "Index -1 out of bounds for length 0",
    ],
  },
  {
    name: "Java: substring",
    type: "java.lang.StringIndexOutOfBoundsException",
    values: ["begin 0, end -1, length 0", "begin 4, end 19, length 17"],
  },
  {
    name: "Java: not a number",
    type: "java.lang.NumberFormatException",
    values: ['For input string: "abc"', 'For input string: "12,50"', 'For input string: ""'],
  },
  {
    name: "Java: not a date",
    type: "java.time.format.DateTimeParseException",
    values: ["Text '2024-13-40' could not be parsed at index 5", "Text 'yesterday' could not be parsed at index 0"],
  },
  {
    name: "Java: class loader address",
    type: "java.lang.ClassCastException",
    values: [
      "class com.acme.Order cannot be cast to class com.acme.Invoice (com.acme.Order and com.acme.Invoice are in unnamed module of loader org.springframework.boot.loader.LaunchedURLClassLoader @7c30a502)",
      "class com.acme.Order cannot be cast to class com.acme.Invoice (com.acme.Order and com.acme.Invoice are in unnamed module of loader org.springframework.boot.loader.LaunchedURLClassLoader @1e643faf)",
    ],
  },
  {
    name: "Java: Jackson, not an integer",
    type: "com.fasterxml.jackson.databind.exc.InvalidFormatException",
    values: [
      'Cannot deserialize value of type `java.lang.Integer` from String "abc": not a valid `java.lang.Integer` value\n at [Source: (String)"{"items":[{"qty":"abc"}]}"; line: 1, column: 18] (through reference chain: com.acme.Order["items"]->java.util.ArrayList[0]->com.acme.Item["qty"])',
      'Cannot deserialize value of type `java.lang.Integer` from String "1,5": not a valid `java.lang.Integer` value\n at [Source: (String)"{"items":[{"qty":"1,5"}]}"; line: 3, column: 41] (through reference chain: com.acme.Order["items"]->java.util.ArrayList[7]->com.acme.Item["qty"])',
    ],
  },
  {
    name: "Java: Spring, conversion",
    type: "MethodArgumentTypeMismatchException",
    values: [
      "Failed to convert value of type 'java.lang.String' to required type 'java.lang.Long'; For input string: \"abc\"",
      "Failed to convert value of type 'java.lang.String' to required type 'java.lang.Long'; For input string: \"17a\"",
    ],
  },
  {
    name: "Java: Spring, gateway",
    type: "org.springframework.web.client.ResourceAccessException",
    values: [
      'I/O error on GET request for "https://api.example.com/orders/17": Read timed out',
      'I/O error on GET request for "https://api.example.com/orders/90210": Read timed out',
    ],
  },
  {
    name: "Java: Hikari",
    type: "java.sql.SQLTransientConnectionException",
    values: [
      "HikariPool-1 - Connection is not available, request timed out after 30000ms.",
      "HikariPool-1 - Connection is not available, request timed out after 30014ms.",
      "HikariPool-3 - Connection is not available, request timed out after 5001ms.",
    ],
  },
  {
    name: "Java: Hikari with its counts",
    type: "java.sql.SQLTransientConnectionException",
    values: [
      "HikariPool-1 - Connection is not available, request timed out after 30000ms (total=10, active=10, idle=0, waiting=27)",
      "HikariPool-1 - Connection is not available, request timed out after 30002ms (total=20, active=20, idle=0, waiting=3)",
    ],
  },
  {
    name: "Java: JDBC, link",
    type: "CommunicationsException",
    values: [
      "Communications link failure\n\nThe last packet successfully received from the server was 12,345 milliseconds ago. The last packet sent successfully to the server was 12,346 milliseconds ago.",
      "Communications link failure\n\nThe last packet successfully received from the server was 601 milliseconds ago. The last packet sent successfully to the server was 1,204,881 milliseconds ago.",
    ],
  },
  {
    name: "Java: Hibernate, stale",
    type: "org.hibernate.StaleObjectStateException",
    values: [
      "Row was updated or deleted by another transaction (or unsaved-value mapping was incorrect) : [com.acme.Order#17]",
      "Row was updated or deleted by another transaction (or unsaved-value mapping was incorrect) : [com.acme.Order#90210]",
    ],
  },
  {
    name: "Java: Hibernate, missing entity",
    type: "javax.persistence.EntityNotFoundException",
    values: [
      "Unable to find com.acme.Customer with id 17",
      "Unable to find com.acme.Customer with id 550e8400-e29b-41d4-a716-446655440000",
    ],
  },
  {
    name: "Java: executor",
    type: "java.util.concurrent.RejectedExecutionException",
    values: [
      "Task java.util.concurrent.FutureTask@1b2c3d4e rejected from java.util.concurrent.ThreadPoolExecutor@7f8e9a01[Running, pool size = 10, active threads = 10, queued tasks = 100, completed tasks = 12345]",
      "Task java.util.concurrent.FutureTask@62ee68d8 rejected from java.util.concurrent.ThreadPoolExecutor@3d4eac69[Running, pool size = 4, active threads = 4, queued tasks = 50, completed tasks = 871]",
    ],
  },
  {
    name: "Java: thread names",
    type: "java.lang.IllegalStateException",
    values: [
      "Thread pool-1-thread-7 was interrupted while it held the lock",
      "Thread pool-12-thread-31 was interrupted while it held the lock",
    ],
  },
  {
    name: "Java: servlet threads",
    type: "java.lang.IllegalStateException",
    values: [
      "Thread http-nio-8080-exec-3 has been active for 61,204 milliseconds",
      "Thread http-nio-8080-exec-19 has been active for 120,733 milliseconds",
    ],
  },
  {
    name: "Java: Kafka, expired",
    type: "org.apache.kafka.common.errors.TimeoutException",
    values: [
      "Expiring 3 record(s) for orders-0:120001 ms has passed since batch creation",
      "Expiring 41 record(s) for orders-11:120019 ms has passed since batch creation",
    ],
  },
  {
    name: "Java: Kafka, commit",
    type: "org.apache.kafka.clients.consumer.RetriableCommitFailedException",
    values: [
      "Offset commit failed on partition orders-7 at offset 18233: The request timed out.",
      "Offset commit failed on partition orders-12 at offset 9920114: The request timed out.",
    ],
  },
  {
    name: "Java: Kafka, fetch session",
    type: "org.apache.kafka.common.errors.DisconnectException",
    values: [
      "Error sending fetch request (sessionId=1183942011, epoch=441) to node 3",
      "Error sending fetch request (sessionId=90442, epoch=12) to node 3",
    ],
  },
  {
    name: "Java: Kafka, metadata",
    type: "org.apache.kafka.common.errors.TimeoutException",
    values: [
      "Topic orders not present in metadata after 60000 ms.",
      "Topic orders not present in metadata after 5000 ms.",
    ],
  },

  // Go
  {
    name: "Go: dial refused",
    type: "*net.OpError",
    values: [
      "dial tcp 10.0.0.5:5432: connect: connection refused",
      "dial tcp [::1]:5432: connect: connection refused",
      "dial tcp 127.0.0.1:5432: connect: connection refused",
    ],
  },
  {
    name: "Go: reset",
    type: "*net.OpError",
    values: [
      "read tcp 10.0.0.17:54321->10.0.0.5:443: read: connection reset by peer",
      "read tcp 10.0.1.3:39922->34.117.59.81:443: read: connection reset by peer",
    ],
  },
  {
    name: "Go: lookup",
    type: "*net.DNSError",
    values: [
      "lookup orders.prod.svc.cluster.local on 10.96.0.10:53: no such host",
      "lookup orders.stage.svc.cluster.local on 10.100.0.2:53: no such host",
    ],
  },
  {
    name: "Go: deadline on an address",
    type: "*url.Error",
    values: [
      'Get "https://api.example.com/v1/orders/17": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
      'Get "https://api.example.com/v1/orders/18?expand=items": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
    ],
  },
  {
    name: "Go: Atoi",
    type: "*strconv.NumError",
    values: [
      'strconv.Atoi: parsing "abc": invalid syntax',
      'strconv.Atoi: parsing "": invalid syntax',
      'strconv.Atoi: parsing "17.5": invalid syntax',
    ],
  },
  {
    name: "Go: parse time",
    type: "*time.ParseError",
    values: [
      'parsing time "2024-01-02 03:04" as "2006-01-02T15:04:05Z07:00": cannot parse " 03:04" as "T"',
      'parsing time "2024-11-23 23:59" as "2006-01-02T15:04:05Z07:00": cannot parse " 23:59" as "T"',
    ],
  },
  {
    name: "Go: index",
    type: "runtime.boundsError",
    values: [
      "runtime error: index out of range [5] with length 3",
      "runtime error: index out of range [-1] with length 0",
      "runtime error: index out of range [120] with length 17",
    ],
  },
  {
    name: "Go: slice",
    type: "runtime.boundsError",
    values: [
      "runtime error: slice bounds out of range [:10] with capacity 5",
      "runtime error: slice bounds out of range [:4096] with capacity 1024",
    ],
  },
  {
    name: "Go: nil with addresses",
    type: "runtime.Error",
    values: [
      "runtime error: invalid memory address or nil pointer dereference\n[signal SIGSEGV: segmentation violation code=0x1 addr=0x18 pc=0x4a1b2c]",
      "runtime error: invalid memory address or nil pointer dereference\n[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x10f3e9d]",
    ],
  },
  {
    name: "Go: certificate expired",
    type: "x509.CertificateInvalidError",
    values: [
      "x509: certificate has expired or is not yet valid: current time 2024-01-02T03:04:05Z is after 2023-12-31T23:59:59Z",
      "x509: certificate has expired or is not yet valid: current time 2024-02-14T11:12:13+01:00 is after 2024-02-01T00:00:00Z",
    ],
  },
  {
    name: "Go: GOAWAY",
    type: "http2.GoAwayError",
    values: [
      'http2: server sent GOAWAY and closed the connection; LastStreamID=1999, ErrCode=NO_ERROR, debug=""',
      'http2: server sent GOAWAY and closed the connection; LastStreamID=7, ErrCode=NO_ERROR, debug=""',
    ],
  },
  {
    name: "Go: open file",
    type: "*fs.PathError",
    values: [
      "open /etc/app/config-17.yaml: no such file or directory",
      "open /home/ann/.config/app.yaml: no such file or directory",
    ],
  },
  {
    name: "Go: goroutine wait",
    type: "*errors.errorString",
    values: ["worker 7 did not stop in 1m30s", "worker 12 did not stop in 500ms", "worker 3 did not stop in 2h0m0s"],
  },

  // PHP
  {
    name: "PHP: memory",
    type: "ErrorException",
    values: [
      "Allowed memory size of 134217728 bytes exhausted (tried to allocate 20480 bytes)",
      "Allowed memory size of 536870912 bytes exhausted (tried to allocate 67108872 bytes)",
    ],
  },
  {
    name: "PHP: execution time",
    type: "Symfony\\Component\\ErrorHandler\\Error\\FatalError",
    values: ["Maximum execution time of 30 seconds exceeded", "Maximum execution time of 120 seconds exceeded"],
  },
  {
    name: "PHP: array key number",
    type: "ErrorException",
    values: ["Undefined array key 5", "Undefined array key 17"],
  },
  {
    name: "PHP: failed open",
    type: "ErrorException",
    values: [
      "file_get_contents(/var/www/storage/app/17.json): Failed to open stream: No such file or directory",
      "file_get_contents(/var/www/storage/app/exports/2024-01-02.json): Failed to open stream: No such file or directory",
    ],
  },
  {
    name: "PHP: Laravel, no model",
    type: "Illuminate\\Database\\Eloquent\\ModelNotFoundException",
    values: [
      "No query results for model [App\\Models\\User] 17",
      "No query results for model [App\\Models\\User] 90210",
    ],
  },
  {
    name: "PHP: Laravel, duplicate",
    type: "Illuminate\\Database\\QueryException",
    values: [
      "SQLSTATE[23000]: Integrity constraint violation: 1062 Duplicate entry 'ann@example.com' for key 'users.users_email_unique' (Connection: mysql, SQL: insert into `users` (`email`, `updated_at`) values (ann@example.com, 2024-01-02 03:04:05))",
      "SQLSTATE[23000]: Integrity constraint violation: 1062 Duplicate entry 'bob.roe@example.org' for key 'users.users_email_unique' (Connection: mysql, SQL: insert into `users` (`email`, `updated_at`) values (bob.roe@example.org, 2024-02-14 11:12:13))",
    ],
  },
  {
    name: "PHP: curl timeout",
    type: "GuzzleHttp\\Exception\\ConnectException",
    values: [
      "cURL error 28: Operation timed out after 30001 milliseconds with 0 bytes received (see https://curl.haxx.se/libcurl/c/libcurl-errors.html) for https://api.example.com/orders/17",
      "cURL error 28: Operation timed out after 5004 milliseconds with 1433 bytes received (see https://curl.haxx.se/libcurl/c/libcurl-errors.html) for https://api.example.com/orders/18",
    ],
  },
  {
    name: "PHP: DateTime",
    type: "Exception",
    values: [
      "DateTime::__construct(): Failed to parse time string (2024-13-45) at position 6 (3): Unexpected character",
      "DateTime::__construct(): Failed to parse time string (31.02.2024) at position 0 (3): Unexpected character",
    ],
  },

  // .NET
  {
    name: ".NET: number format",
    type: "System.FormatException",
    values: [
      "The input string 'abc' was not in a correct format.",
      "The input string '12,5' was not in a correct format.",
    ],
  },
  {
    name: ".NET: file",
    type: "System.IO.FileNotFoundException",
    values: [
      "Could not find file 'C:\\data\\in\\17.csv'.",
      "Could not find file 'D:\\jobs\\2024-01-02\\orders final.csv'.",
    ],
  },
  {
    name: ".NET: access",
    type: "System.UnauthorizedAccessException",
    values: [
      "Access to the path 'C:\\Program Files\\Acme\\log.txt' is denied.",
      "Access to the path '\\\\fs-1\\share\\ann\\log.txt' is denied.",
    ],
  },
  {
    name: ".NET: deadlock",
    type: "Microsoft.Data.SqlClient.SqlException",
    values: [
      "Transaction (Process ID 57) was deadlocked on lock resources with another process and has been chosen as the deadlock victim. Rerun the transaction.",
      "Transaction (Process ID 112) was deadlocked on lock resources with another process and has been chosen as the deadlock victim. Rerun the transaction.",
    ],
  },
  {
    name: ".NET: primary key",
    type: "Microsoft.Data.SqlClient.SqlException",
    values: [
      "Violation of PRIMARY KEY constraint 'PK_Users'. Cannot insert duplicate key in object 'dbo.Users'. The duplicate key value is (17).\r\nThe statement has been terminated.",
      "Violation of PRIMARY KEY constraint 'PK_Users'. Cannot insert duplicate key in object 'dbo.Users'. The duplicate key value is (90210).\r\nThe statement has been terminated.",
    ],
  },
  {
    name: ".NET: truncated",
    type: "Microsoft.Data.SqlClient.SqlException",
    values: [
      "String or binary data would be truncated in table 'shop.dbo.Users', column 'Name'. Truncated value: 'Maximilian A'.",
      "String or binary data would be truncated in table 'shop.dbo.Users', column 'Name'. Truncated value: 'Anna-Luise v'.",
    ],
  },
  {
    name: ".NET: socket",
    type: "System.Net.Http.HttpRequestException",
    values: [
      "No connection could be made because the target machine actively refused it. (10.0.0.5:8080)",
      "No connection could be made because the target machine actively refused it. (orders-2.internal:8080)",
    ],
  },
  {
    name: ".NET: client timeout",
    type: "System.Threading.Tasks.TaskCanceledException",
    values: [
      "The request was canceled due to the configured HttpClient.Timeout of 100 seconds elapsing.",
      "The request was canceled due to the configured HttpClient.Timeout of 2.5 seconds elapsing.",
    ],
  },
  {
    name: ".NET: assembly version",
    type: "System.IO.FileLoadException",
    values: [
      "Could not load file or assembly 'Newtonsoft.Json, Version=12.0.0.0, Culture=neutral, PublicKeyToken=30ad4fe6b2a6aeed'. The located assembly's manifest definition does not match the assembly reference. (0x80131040)",
      "Could not load file or assembly 'Newtonsoft.Json, Version=13.0.0.0, Culture=neutral, PublicKeyToken=30ad4fe6b2a6aeed'. The located assembly's manifest definition does not match the assembly reference. (0x80131040)",
    ],
  },

  // Rust
  {
    name: "Rust: index",
    type: "panic",
    values: [
      "index out of bounds: the len is 3 but the index is 5",
      "index out of bounds: the len is 0 but the index is 18446744073709551615",
    ],
  },
  {
    name: "Rust: range",
    type: "panic",
    values: [
      "range end index 10 out of range for slice of length 5",
      "range end index 4096 out of range for slice of length 1024",
    ],
  },
  {
    name: "Rust: char boundary",
    type: "panic",
    values: [
      "byte index 5 is not a char boundary; it is inside 'é' (bytes 4..6) of the input",
      "byte index 12 is not a char boundary; it is inside '日' (bytes 11..14) of the input",
    ],
  },
  {
    name: "Rust: send to an address",
    type: "reqwest::Error",
    values: [
      "error sending request for url (https://api.example.com/orders/17): operation timed out",
      "error sending request for url (https://api.example.com/orders/18): operation timed out",
    ],
  },
  {
    name: "Rust: serde place",
    type: "serde_json::Error",
    values: ["missing field `total` at line 1 column 42", "missing field `total` at line 17 column 3"],
  },

  // Databases
  {
    name: "PostgreSQL: not an integer",
    type: "error",
    values: [
      'invalid input syntax for type integer: "abc"',
      'invalid input syntax for type integer: "17.5"',
      'invalid input syntax for type integer: ""',
    ],
  },
  {
    name: "PostgreSQL: not a UUID",
    type: "error",
    values: [
      'invalid input syntax for type uuid: "undefined"',
      'invalid input syntax for type uuid: "550e8400-e29b-41d4"',
    ],
  },
  {
    name: "PostgreSQL: deadlock",
    type: "error",
    values: [
      "deadlock detected\nDETAIL:  Process 1701 waits for ShareLock on transaction 8812; blocked by process 1702.\nProcess 1702 waits for ShareLock on transaction 8811; blocked by process 1701.",
      "deadlock detected\nDETAIL:  Process 911 waits for ShareLock on transaction 1204417; blocked by process 40112.\nProcess 40112 waits for ShareLock on transaction 1204420; blocked by process 911.",
    ],
  },
  {
    name: "PostgreSQL: foreign key detail",
    type: "error",
    values: [
      'insert or update on table "orders" violates foreign key constraint "orders_user_id_fkey"\nDETAIL:  Key (user_id)=(17) is not present in table "users".',
      'insert or update on table "orders" violates foreign key constraint "orders_user_id_fkey"\nDETAIL:  Key (user_id)=(90210) is not present in table "users".',
    ],
  },
  {
    name: "PostgreSQL: bytes",
    type: "error",
    values: [
      'invalid byte sequence for encoding "UTF8": 0xff',
      'invalid byte sequence for encoding "UTF8": 0xe9',
      'invalid byte sequence for encoding "UTF8": 0x00',
    ],
  },
  {
    name: "PostgreSQL: date/time",
    type: "error",
    values: ['date/time field value out of range: "2024-13-01"', 'date/time field value out of range: "31.02.2024"'],
  },
  {
    name: "PostgreSQL: old server",
    type: "error",
    values: [
      'could not connect to server: Connection refused\n\tIs the server running on host "10.0.0.5" and accepting\n\tTCP/IP connections on port 5432?',
      'could not connect to server: Connection refused\n\tIs the server running on host "db-2.internal" and accepting\n\tTCP/IP connections on port 6432?',
    ],
  },
  {
    name: "MySQL: duplicate user",
    type: "Error",
    values: [
      "Duplicate entry 'ann' for key 'users.username'",
      "Duplicate entry 'bob' for key 'users.username'",
      "Duplicate entry 'o'hara' for key 'users.username'",
    ],
  },
  {
    name: "MySQL: wrong date",
    type: "Error",
    values: [
      "Incorrect datetime value: '2024-13-01' for column 'born' at row 1",
      "Incorrect datetime value: '' for column 'born' at row 17",
    ],
  },
  {
    name: "MySQL: range",
    type: "Error",
    values: ["Out of range value for column 'qty' at row 1", "Out of range value for column 'qty' at row 204"],
  },
  {
    name: "MySQL: string bytes",
    type: "Error",
    values: [
      "Incorrect string value: '\\xF0\\x9F\\x98\\x80' for column 'body' at row 1",
      "Incorrect string value: '\\xF0\\x9F\\x8E\\x89 Wo...' for column 'body' at row 3",
    ],
  },
  {
    name: "MySQL: access from an address",
    type: "Error",
    values: [
      "Access denied for user 'app'@'10.0.0.5' (using password: YES)",
      "Access denied for user 'app'@'ip-10-0-3-17.eu-west-1.compute.internal' (using password: YES)",
    ],
  },
  {
    name: "MySQL: server away",
    type: "OperationalError",
    values: [
      "(2003, \"Can't connect to MySQL server on '10.0.0.5' (111)\")",
      "(2003, \"Can't connect to MySQL server on 'db-1.prod.internal' (111)\")",
    ],
  },
  {
    name: "Oracle: too large",
    type: "oracledb.DatabaseError",
    values: [
      'ORA-12899: value too large for column "SHOP"."USERS"."NAME" (actual: 61, maximum: 50)',
      'ORA-12899: value too large for column "SHOP"."USERS"."NAME" (actual: 104, maximum: 50)',
    ],
  },
  {
    name: "Oracle: undo",
    type: "oracledb.DatabaseError",
    values: [
      'ORA-01555: snapshot too old: rollback segment number 17 with name "_SYSSMU17_3012809736$" too small',
      'ORA-01555: snapshot too old: rollback segment number 4 with name "_SYSSMU4_1152005954$" too small',
    ],
  },
  {
    name: "MongoDB: duplicate",
    type: "MongoServerError",
    values: [
      'E11000 duplicate key error collection: shop.users index: email_1 dup key: { email: "ann@example.com" }',
      'E11000 duplicate key error collection: shop.users index: email_1 dup key: { email: "bob.roe@example.org" }',
    ],
  },
  {
    name: "Mongoose: cast",
    type: "CastError",
    values: [
      'Cast to ObjectId failed for value "abc" (type string) at path "_id" for model "User"',
      'Cast to ObjectId failed for value "undefined" (type string) at path "_id" for model "User"',
      'Cast to ObjectId failed for value "17" (type string) at path "_id" for model "User"',
    ],
  },
  {
    name: "Mongoose: no document",
    type: "DocumentNotFoundError",
    values: [
      'No document found for query "{ _id: new ObjectId(\'507f1f77bcf86cd799439011\') }" on model "User"',
      'No document found for query "{ _id: new ObjectId(\'65a1f0c2e4b0a1b2c3d4e5f6\') }" on model "User"',
    ],
  },
  {
    name: "MongoDB: closed",
    type: "MongoNetworkError",
    values: ["connection 17 to 10.0.0.5:27017 closed", "connection 4 to 10.0.0.9:27017 closed"],
  },
  {
    name: "MongoDB: selection",
    type: "MongoServerSelectionError",
    values: ["Server selection timed out after 30000 ms", "Server selection timed out after 5000 ms"],
  },
  { name: "Redis: moved", type: "ReplyError", values: ["MOVED 3999 127.0.0.1:6381", "MOVED 15495 10.0.0.7:6379"] },
  {
    name: "Redis: retries",
    type: "MaxRetriesPerRequestError",
    values: [
      'Reached the max retries per request limit (which is 20). Refer to "maxRetriesPerRequest" option for details.',
      'Reached the max retries per request limit (which is 3). Refer to "maxRetriesPerRequest" option for details.',
    ],
  },
  {
    name: "Elasticsearch: dated index",
    type: "ResponseError",
    values: [
      "index_not_found_exception: [index_not_found_exception] Reason: no such index [orders-2024.01.17]",
      "index_not_found_exception: [index_not_found_exception] Reason: no such index [orders-2024.02.03]",
    ],
  },
  {
    name: "Elasticsearch: breaker",
    type: "ResponseError",
    values: [
      "circuit_breaking_exception: [parent] Data too large, data for [<http_request>] would be [1028817520/981.1mb], which is larger than the limit of [1020054732/972.7mb]",
      "circuit_breaking_exception: [parent] Data too large, data for [<http_request>] would be [16403810552/15.2gb], which is larger than the limit of [16320875724/15.1gb]",
    ],
  },
  {
    name: "Prisma: begins with a line end",
    type: "PrismaClientKnownRequestError",
    values: [
      "\nInvalid `prisma.order.update()` invocation in\n/srv/app-17/dist/orders.js:210:31\n\n  207 async function close(id) {\n→ 210   return prisma.order.update(\nRecord to update not found.",
      "\nInvalid `prisma.order.update()` invocation in\n/srv/app-18/dist/orders.js:210:31\n\n  207 async function close(id) {\n→ 210   return prisma.order.update(\nRecord to update not found.",
    ],
  },
  {
    name: "Prisma: unreachable",
    type: "PrismaClientInitializationError",
    values: [
      "\nInvalid `prisma.user.findMany()` invocation:\n\n\nCan't reach database server at `10.0.0.5`:`5432`\n\nPlease make sure your database server is running at `10.0.0.5`:`5432`.",
      "\nInvalid `prisma.user.findMany()` invocation:\n\n\nCan't reach database server at `db-2.prod.internal`:`5432`\n\nPlease make sure your database server is running at `db-2.prod.internal`:`5432`.",
    ],
  },

  // Cloud
  {
    name: "S3 with request ids",
    type: "AmazonS3Exception",
    values: [
      "The specified key does not exist. (Service: Amazon S3; Status Code: 404; Error Code: NoSuchKey; Request ID: 4442587FB7D0A2F9; S3 Extended Request ID: f2oU8nQz1d7h0xWJ5Kp3mGv+/Lr2aYbC9eTtHsXiE4jN6qRw=; Proxy: null)",
      "The specified key does not exist. (Service: Amazon S3; Status Code: 404; Error Code: NoSuchKey; Request ID: 9E1AC07B3D5F4482; S3 Extended Request ID: Zb0k7P+vQ3nT1sXy8LwRf5/uMh6cJ2gD4aEoVtNi9KpYxBq=; Proxy: null)",
    ],
  },
  {
    name: "AWS: not authorized",
    type: "ClientError",
    values: [
      "An error occurred (AccessDenied) when calling the GetObject operation: User: arn:aws:sts::123456789012:assumed-role/app/i-0a1b2c3d4e5f67890 is not authorized to perform: s3:GetObject",
      "An error occurred (AccessDenied) when calling the GetObject operation: User: arn:aws:sts::210987654321:assumed-role/app/i-09f8e7d6c5b4a3210 is not authorized to perform: s3:GetObject",
    ],
  },
  {
    name: "AWS: throttled",
    type: "ThrottlingException",
    values: [
      "Rate exceeded (Service: AmazonECS; Status Code: 400; Error Code: ThrottlingException; Request ID: 6f1c7d1e-2b3a-4c5d-8e9f-0a1b2c3d4e5f; Proxy: null)",
      "Rate exceeded (Service: AmazonECS; Status Code: 400; Error Code: ThrottlingException; Request ID: c0ffee00-1234-4abc-9def-fedcba987654; Proxy: null)",
    ],
  },
  {
    name: "Lambda timeout",
    type: "Runtime.Timeout",
    values: [
      "2024-01-02T03:04:05.678Z 4f1c7d1e-2b3a-4c5d-8e9f-0a1b2c3d4e5f Task timed out after 3.01 seconds",
      "2024-02-14T11:12:13.014Z 77aa55cc-0011-4223-8445-66778899aabb Task timed out after 30.03 seconds",
    ],
  },
  {
    name: "GCP: quota",
    type: "google.api_core.exceptions.ResourceExhausted",
    values: [
      "429 Quota exceeded for quota metric 'Read requests' and limit 'Read requests per minute' of service 'logging.googleapis.com' for consumer 'project_number:123456789012'.",
      "429 Quota exceeded for quota metric 'Read requests' and limit 'Read requests per minute' of service 'logging.googleapis.com' for consumer 'project_number:998877665544'.",
    ],
  },
  {
    name: "Kubernetes: pod",
    type: "ApiException",
    values: ['pods "web-6d4cf56db6-x7k2p" not found', 'pods "web-5f9b8c7d44-9qz4t" not found'],
  },
  {
    name: "Kubernetes: back-off",
    type: "Error",
    values: [
      "Back-off 40s restarting failed container app in pod web-6d4cf56db6-x7k2p_default(6f1c7d1e-2b3a-4c5d-8e9f-0a1b2c3d4e5f)",
      "Back-off 5m0s restarting failed container app in pod web-6d4cf56db6-b5n8w_default(77aa55cc-0011-4223-8445-66778899aabb)",
    ],
  },
  {
    name: "Kubernetes: probe",
    type: "Error",
    values: [
      'Readiness probe failed: Get "http://10.244.1.17:8080/healthz": dial tcp 10.244.1.17:8080: connect: connection refused',
      'Readiness probe failed: Get "http://10.244.3.4:8080/healthz": dial tcp 10.244.3.4:8080: connect: connection refused',
    ],
  },
  {
    name: "nginx: upstream",
    type: "error",
    values: [
      'upstream timed out (110: Connection timed out) while reading response header from upstream, client: 203.0.113.7, server: example.com, request: "GET /orders/17 HTTP/1.1", upstream: "http://10.0.0.5:8080/orders/17", host: "example.com"',
      'upstream timed out (110: Connection timed out) while reading response header from upstream, client: 2001:db8::17, server: example.com, request: "GET /cart?id=4 HTTP/1.1", upstream: "http://10.0.0.6:8080/cart?id=4", host: "www.example.com"',
    ],
  },
  {
    name: "image digest",
    type: "Error",
    values: [
      "failed to pull image: manifest sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 not found",
      "failed to pull image: manifest sha256:60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752 not found",
    ],
  },

  // Payments, tokens and mail
  {
    name: "quoted customer",
    type: "StripeInvalidRequestError",
    values: ["No such customer: 'cus_NffrFeUfNV2Hib'", "No such customer: 'cus_9s6XKzkNRiz8i3'"],
  },
  {
    name: "bare payment",
    type: "StripeInvalidRequestError",
    values: [
      "PaymentIntent pi_3MtwBwLkdIwHu7ix28a3tqPa could not be captured because it has a status of canceled. Request req_7Qk2ZbXy1LmN04",
      "PaymentIntent pi_1DrPlP2eZvKYlo2CSBQ7uqFH could not be captured because it has a status of canceled. Request req_a9T4Vw0cRjH6s8",
    ],
  },
  {
    name: "JWT times",
    type: "ExpiredJwtException",
    values: [
      "JWT expired at 2024-01-02T03:04:05Z. Current time: 2024-01-02T03:10:05Z, a difference of 360000 milliseconds.  Allowed clock skew: 0 milliseconds.",
      "JWT expired at 2024-02-14T11:12:13Z. Current time: 2024-02-14T11:12:14Z, a difference of 1433 milliseconds.  Allowed clock skew: 0 milliseconds.",
    ],
  },
  {
    name: "mail recipient",
    type: "Error",
    values: [
      "Can't send mail - all recipients were rejected: 550 5.1.1 <ann@example.com>: Recipient address rejected: User unknown",
      "Can't send mail - all recipients were rejected: 550 5.1.1 <bob.roe+shop@mail.example.org>: Recipient address rejected: User unknown",
    ],
  },

  // Shapes of data
  {
    name: "lists of ids",
    type: "Error",
    values: [
      "Could not archive orders [1, 2, 3]",
      "Could not archive orders [4, 5]",
      "Could not archive orders [1701, 1702, 1705, 1709, 1733]",
    ],
  },
  {
    name: "lists of UUIDs",
    type: "Error",
    values: [
      "Duplicate batch members [550e8400-e29b-41d4-a716-446655440000, 7d444840-9dc0-11d1-b245-5ffdce74fad2]",
      "Duplicate batch members [6f1c7d1e-2b3a-4c5d-8e9f-0a1b2c3d4e5f, c0ffee00-1234-4abc-9def-fedcba987654]",
    ],
  },
  {
    name: "durations",
    type: "TimeoutError",
    values: ["Job timed out after 5000ms", "Job timed out after 30s", "Job timed out after 1.5s"],
  },
  {
    name: "sizes",
    type: "Error",
    values: [
      "Upload of 12.5 MB is larger than the limit of 10 MB",
      "Upload of 512 KB is larger than the limit of 256 KB",
      "Upload of 1.2 GB is larger than the limit of 10 MB",
    ],
  },
  { name: "percentages", type: "Error", values: ["Disk usage is at 91%", "Disk usage is at 97.5%"] },
  {
    name: "exponents",
    type: "RangeError",
    values: [
      "Step 1e-7 is below the resolution",
      "Step 2.5E-10 is below the resolution",
      "Step 0.0004 is below the resolution",
    ],
  },
  {
    name: "negatives",
    type: "RangeError",
    values: ["Balance -17.50 is below the minimum 0", "Balance -3 is below the minimum -2.5"],
  },
  { name: "thousands", type: "Error", values: ["Import stopped after 1,204,881 rows", "Import stopped after 17 rows"] },
  {
    name: "hex",
    type: "Error",
    values: ["Access violation at address 0x00007FF6A1B2C3D4", "Access violation at address 0x0000000000000018"],
  },
  {
    name: "MD5",
    type: "Error",
    values: [
      "Checksum mismatch: expected 5d41402abc4b2a76b9719d911017c592, got 7d793037a0760186574b0282f2f435e7",
      "Checksum mismatch: expected 098f6bcd4621d373cade4e832627b4f6, got d41d8cd98f00b204e9800998ecf8427e",
    ],
  },
  {
    name: "SHA-1",
    type: "Error",
    values: [
      "Object da39a3ee5e6b4b0d3255bfef95601890afd80709 is corrupt",
      "Object 2fd4e1c67a2d28fced849ee1bb76e7391b93eb12 is corrupt",
    ],
  },
  {
    name: "short commit",
    type: "Error",
    values: [
      "Could not check out commit a1b2c3d",
      "Could not check out commit 4e12345",
      "Could not check out commit 9f8e7d6",
    ],
  },
  {
    name: "ObjectId",
    type: "Error",
    values: ["Order 507f1f77bcf86cd799439011 has no owner", "Order 65a1f0c2e4b0a1b2c3d4e5f6 has no owner"],
  },
  {
    name: "ULID",
    type: "Error",
    values: [
      "Event 01ARZ3NDEKTSV4RRFFQ69G5FAV was already processed",
      "Event 01HQ3K5V7XJ0W9Z2B4C6D8E0F1 was already processed",
    ],
  },
  {
    name: "UUID without hyphens",
    type: "Error",
    values: [
      "Session 550e8400e29b41d4a716446655440000 is unknown",
      "Session 6f1c7d1e2b3a4c5d8e9f0a1b2c3d4e5f is unknown",
    ],
  },
  {
    name: "UUIDs of both cases",
    type: "Error",
    values: [
      "Tenant 550e8400-e29b-41d4-a716-446655440000 is locked",
      "Tenant 7D444840-9DC0-11D1-B245-5FFDCE74FAD2 is locked",
      "Tenant {6F1C7D1E-2B3A-4C5D-8E9F-0A1B2C3D4E5F} is locked",
    ],
  },
  { name: "MAC", type: "Error", values: ["No lease for 00:1b:44:11:3a:b7", "No lease for AA:BB:CC:DD:EE:FF"] },
  {
    name: "IPv6",
    type: "Error",
    values: [
      "Too many requests from 2001:db8:85a3::8a2e:370:7334",
      "Too many requests from fe80::1",
      "Too many requests from 203.0.113.7",
    ],
  },
  { name: "ISO dates", type: "Error", values: ["No exchange rate for 2024-01-02", "No exchange rate for 2023-12-31"] },
  {
    name: "ISO times",
    type: "Error",
    values: [
      "Slot 2024-01-02T03:04:05.678Z is taken",
      "Slot 2024-11-23T14:40:00+01:00 is taken",
      "Slot 2024-11-23 14:40:59,123 is taken",
    ],
  },
  {
    name: "RFC 2822",
    type: "Error",
    values: ["Not modified since Tue, 02 Jan 2024 03:04:05 GMT", "Not modified since Sat, 23 Nov 2024 14:40:59 GMT"],
  },
  {
    name: "Apache time",
    type: "Error",
    values: [
      "Cannot parse log entry of [02/Jan/2024:03:04:05 +0000]",
      "Cannot parse log entry of [23/Nov/2024:14:40:59 -0500]",
    ],
  },
  {
    name: "syslog time",
    type: "Error",
    values: ["Clock went backwards: last entry Jan  2 03:04:05", "Clock went backwards: last entry Nov 23 14:40:59"],
  },
  {
    name: "JavaScript date",
    type: "Error",
    values: [
      "Booking must start before Tue Jan 02 2024 03:04:05 GMT+0100 (Central European Standard Time)",
      "Booking must start before Sat Nov 23 2024 14:40:59 GMT+0100 (Central European Standard Time)",
    ],
  },
  { name: "clock time", type: "Error", values: ["Shop is closed at 03:04", "Shop is closed at 22:17:45"] },
  {
    name: "e-mail",
    type: "Error",
    values: ["Account ann@example.com is disabled", "Account bob.roe+shop@mail.example.co.uk is disabled"],
  },
  {
    name: "quoted user",
    type: "Error",
    values: ["User 'ann' not found", "User 'bob' not found", "User 'Anna-Luise van Dyk' not found"],
  },
  { name: "curly quotes", type: "Error", values: ["Coupon “SPRING24” has expired", "Coupon “x” has expired"] },
  { name: "home path", type: "Error", values: ["Cannot read key ~/.ssh/id_ed25519", "Cannot read key ~/keys/deploy"] },
  {
    name: "Windows path",
    type: "Error",
    values: [
      "Cannot write C:\\Users\\ann\\report.docx: the disk is full",
      "Cannot write D:\\out\\2024\\q1.docx: the disk is full",
    ],
  },
  {
    name: "version",
    type: "Error",
    values: ["Client version 4.17.21 is no longer supported", "Client version 5.0.0-beta.3 is no longer supported"],
  },
  {
    name: "query string",
    type: "Error",
    values: [
      "Blocked redirect to https://evil.example.net/?next=%2Forders%2F17",
      "Blocked redirect to http://203.0.113.7:8080/x?y=1&z=2#top",
    ],
  },
  {
    name: "blank lines first",
    type: "Error",
    values: ["\n\n\nFatal: job 17 crashed\n    in step 3", "\n\n\nFatal: job 204 crashed\n    in step 12"],
  },
  {
    name: "coordinates",
    type: "Error",
    values: ["No tile at (47.3769, 8.5417) zoom 14", "No tile at (-33.8688, 151.2093) zoom 9"],
  },
  {
    name: "money",
    type: "Error",
    values: ["Charge of $17.50 exceeds the limit of $10.00", "Charge of $1,204.00 exceeds the limit of $500.00"],
  },

  // Words beside the data
  {
    name: "an ordinal stays",
    type: "Error",
    values: ["The 1st replica did not answer in 30ms", "The 1st replica did not answer in 250ms"],
  },
  { name: "I/O", type: "Error", values: ["I/O timeout after 30s on /dev/sda1", "I/O timeout after 5s on /dev/sdb2"] },
  { name: "N/A", type: "Error", values: ["Price N/A for product 1843", "Price N/A for product 77"] },
  {
    name: "apostrophes",
    type: "Error",
    values: ["Can't load user's profile 17: it doesn't exist", "Can't load user's profile 90210: it doesn't exist"],
  },
  {
    name: "unbalanced quote",
    type: "Error",
    values: ["Unterminated string starting with ' at line 17", "Unterminated string starting with ' at line 2041"],
  },
  {
    name: "inch mark before a number",
    type: "Error",
    values: ['Pipe of 5" does not fit item 17', 'Pipe of 12" does not fit item 204'],
  },
  {
    name: "content type with noise",
    type: "Error",
    values: ["Cannot parse application/json body of 1433 bytes", "Cannot parse application/json body of 20 bytes"],
  },
  {
    name: "utf8 with noise",
    type: "Error",
    values: ["Not a utf8 sequence at byte 17", "Not a utf8 sequence at byte 2048"],
  },
  // Collected after the steps were made
  {
    name: "Webpack: a CSS chunk",
    type: "ChunkLoadError",
    values: [
      "Loading CSS chunk 3 failed.\n(/static/css/3.1f2e3d4c.chunk.css)",
      "Loading CSS chunk 41 failed.\n(https://cdn.shop.test/static/css/41.9a8b7c6d.chunk.css)",
    ],
  },
  {
    name: "Webpack: a named chunk with its URL",
    type: "ChunkLoadError",
    values: [
      "Loading chunk checkout failed.\n(error: https://shop.test/_next/static/chunks/checkout-8f2c1b9a.js)",
      "Loading chunk checkout failed.\n(error: https://shop.test/_next/static/chunks/checkout-77ac01fe.js)",
    ],
  },
  {
    name: "Vite: a dynamic import",
    type: "TypeError",
    values: [
      "Failed to fetch dynamically imported module: https://app.test/assets/Orders-Bf3kP9aX.js",
      "Failed to fetch dynamically imported module: https://app.test/assets/Cart-9xZ01qLm.js",
    ],
  },
  {
    name: "Firefox: a dynamic import",
    type: "TypeError",
    values: [
      "error loading dynamically imported module: https://app.test/assets/Orders-Bf3kP9aX.js",
      "error loading dynamically imported module: http://localhost:5173/src/pages/Orders.vue?t=1700000000000",
    ],
  },
  {
    name: "Chrome: storage quota: more",
    type: "QuotaExceededError",
    values: [
      "Failed to execute 'setItem' on 'Storage': Setting the value of 'cart:8812' exceeded the quota.",
      "Failed to execute 'setItem' on 'Storage': Setting the value of 'cart:17' exceeded the quota.",
    ],
  },
  {
    name: "Chrome: postMessage origins",
    type: "DOMException",
    values: [
      "Failed to execute 'postMessage' on 'DOMWindow': The target origin provided ('https://a.test') does not match the recipient window's origin ('https://b.test').",
      "Failed to execute 'postMessage' on 'DOMWindow': The target origin provided ('https://pay.test') does not match the recipient window's origin ('null').",
    ],
  },
  {
    name: "Chrome: a blocked frame",
    type: "SecurityError",
    values: [
      'Blocked a frame with origin "https://shop.test" from accessing a cross-origin frame.',
      'Blocked a frame with origin "https://www.shop.test" from accessing a cross-origin frame.',
    ],
  },
  {
    name: "Chrome: an invalid selector",
    type: "SyntaxError",
    values: [
      "Failed to execute 'querySelector' on 'Document': '#1234' is not a valid selector.",
      "Failed to execute 'querySelector' on 'Document': '#98-item' is not a valid selector.",
    ],
  },
  {
    name: "browser: ResizeObserver",
    type: "Error",
    values: [
      "ResizeObserver loop completed with undelivered notifications.",
      "ResizeObserver  loop completed with undelivered notifications. ",
    ],
  },
  {
    name: "axios: timeouts",
    type: "AxiosError",
    values: ["timeout of 5000ms exceeded", "timeout of 30000ms exceeded", "timeout of 0ms exceeded"],
  },
  {
    name: "Apollo: a response that is not JSON",
    type: "ServerParseError",
    values: [
      "Unexpected token '<', \"<!DOCTYPE \"... is not valid JSON",
      "Unexpected token '<', \"<html lang=\"... is not valid JSON",
    ],
  },
  {
    name: "Angular: a changed expression",
    type: "Error",
    values: [
      "NG0100: ExpressionChangedAfterItHasBeenCheckedError: Expression has changed after it was checked. Previous value: '17'. Current value: '18'. Find more at https://angular.dev/errors/NG0100",
      "NG0100: ExpressionChangedAfterItHasBeenCheckedError: Expression has changed after it was checked. Previous value: 'false'. Current value: 'true'. Find more at https://angular.dev/errors/NG0100",
    ],
  },
  {
    name: "React: an element type",
    type: "Error",
    values: [
      "Minified React error #31; visit https://reactjs.org/docs/error-decoder.html?invariant=31&args[]=object%20with%20keys%20%7Bid%7D for the full message or use the non-minified dev environment",
      "Minified React error #31; visit https://reactjs.org/docs/error-decoder.html?invariant=31&args[]=object%20with%20keys%20%7Bname%7D for the full message or use the non-minified dev environment",
    ],
  },
  {
    name: "browser: an image",
    type: "Error",
    values: [
      "Failed to load image https://img.shop.test/p/8812/large.webp",
      "Failed to load image https://img.shop.test/p/99/small.webp",
    ],
  },
  {
    name: "WebSocket: connection",
    type: "Error",
    values: [
      "WebSocket connection to 'wss://ws.shop.test/socket?token=abc123' failed: ",
      "WebSocket connection to 'wss://ws.shop.test/socket?token=zzz999' failed: ",
    ],
  },
  {
    name: "Node: a port in use",
    type: "Error",
    values: ["listen EADDRINUSE: address already in use :::3000", "listen EADDRINUSE: address already in use :::8080"],
  },
  {
    name: "Node: a port in use at an address",
    type: "Error",
    values: [
      "listen EADDRINUSE: address already in use 127.0.0.1:3000",
      "listen EADDRINUSE: address already in use 0.0.0.0:8080",
    ],
  },
  {
    name: "Node: DNS",
    type: "Error",
    values: [
      "getaddrinfo ENOTFOUND db.internal",
      "getaddrinfo ENOTFOUND payments.svc.cluster.local",
      "getaddrinfo ENOTFOUND api.example.com",
    ],
  },
  {
    name: "Node: DNS later",
    type: "Error",
    values: ["getaddrinfo EAI_AGAIN redis-master.cache.svc", "getaddrinfo EAI_AGAIN api.stripe.com"],
  },
  {
    name: "Node: a file",
    type: "Error",
    values: [
      "ENOENT: no such file or directory, open '/srv/app/uploads/8812.png'",
      "ENOENT: no such file or directory, open 'C:\\temp\\report 12.pdf'",
    ],
  },
  {
    name: "Node: a rename",
    type: "Error",
    values: [
      "EXDEV: cross-device link not permitted, rename '/tmp/a1b2' -> '/data/a1b2'",
      "EXDEV: cross-device link not permitted, rename '/tmp/upload_77' -> '/data/x/upload_77'",
    ],
  },
  {
    name: "Node: certificate names",
    type: "Error",
    values: [
      "Hostname/IP does not match certificate's altnames: Host: api.shop.com. is not in the cert's altnames: DNS:*.cdn.net, DNS:cdn.net",
      "Hostname/IP does not match certificate's altnames: Host: pay.shop.com. is not in the cert's altnames: DNS:*.edge.net, DNS:edge.net",
    ],
  },
  {
    name: "Node: connect timeout",
    type: "Error",
    values: ["connect ETIMEDOUT 52.95.110.1:443", "connect ETIMEDOUT 2600:9000:21f3::1:443"],
  },
  {
    name: "undici: a timeout",
    type: "ConnectTimeoutError",
    values: [
      "Connect Timeout Error (attempted address: api.shop.com:443, timeout: 10000ms)",
      "Connect Timeout Error (attempted address: hooks.slack.com:443, timeout: 10000ms)",
    ],
  },
  {
    name: "Node: too large a string",
    type: "RangeError",
    values: ["File size (2353453321) is greater than 2 GiB", "File size (5353453321) is greater than 2 GiB"],
  },
  {
    name: "Node: an offset",
    type: "RangeError",
    values: [
      'The value of "offset" is out of range. It must be >= 0 and <= 12. Received 16',
      'The value of "offset" is out of range. It must be >= 0 and <= 508. Received 1_024',
    ],
  },
  {
    name: "body-parser: too large",
    type: "PayloadTooLargeError",
    values: ["request entity too large: 123456 > 102400", "request entity too large: 999999 > 102400"],
  },
  {
    name: "Mongoose: a cast",
    type: "CastError",
    values: [
      'Cast to ObjectId failed for value "undefined" (type string) at path "_id" for model "User"',
      'Cast to ObjectId failed for value "12abc" (type string) at path "_id" for model "User"',
    ],
  },
  {
    name: "jwt: times",
    type: "NotBeforeError",
    values: ["jwt not active until 2026-11-26T10:00:00.000Z", "jwt not active until 2025-01-02T03:04:05.678Z"],
  },
  {
    name: "Prisma: the server",
    type: "PrismaClientInitializationError",
    values: ["Can't reach database server at `db-1.internal:5432`", "Can't reach database server at `10.0.0.9:5432`"],
  },
  {
    name: "Zod: a document",
    type: "ZodError",
    values: [
      '[\n  {\n    "code": "too_small",\n    "minimum": 1\n  }\n]',
      '[\n  {\n    "code": "too_small",\n    "minimum": 8\n  }\n]',
    ],
  },
  {
    name: "Playwright: a timeout",
    type: "TimeoutError",
    values: ["page.goto: Timeout 30000ms exceeded.", "page.goto: Timeout 5000ms exceeded."],
  },
  {
    name: "puppeteer: a target",
    type: "ProtocolError",
    values: [
      "Protocol error (Target.closeTarget): No target with given id found: 5E3B2C1D9A8F7E6D5C4B3A2918273645",
      "Protocol error (Target.closeTarget): No target with given id found: A1B2C3D4E5F60718293A4B5C6D7E8F90",
    ],
  },
  {
    name: "Django: no such object",
    type: "DoesNotExist",
    values: ["No Order matches the given query: id=12", "No Order matches the given query: id=8817"],
  },
  {
    name: "Django: an invalid header",
    type: "DisallowedHost",
    values: [
      "Invalid HTTP_HOST header: '203.0.113.9'. You may need to add '203.0.113.9' to ALLOWED_HOSTS.",
      "Invalid HTTP_HOST header: 'evil.example'. You may need to add 'evil.example' to ALLOWED_HOSTS.",
    ],
  },
  {
    name: "Python: int()",
    type: "ValueError",
    values: [
      "invalid literal for int() with base 10: 'abc'",
      "invalid literal for int() with base 10: '12.5'",
      "invalid literal for int() with base 10: ''",
    ],
  },
  {
    name: "Python: a date",
    type: "ValueError",
    values: [
      "time data '2026-13-01' does not match format '%Y-%m-%d'",
      "time data 'yesterday' does not match format '%Y-%m-%d'",
    ],
  },
  {
    name: "Python: unpacking",
    type: "ValueError",
    values: ["not enough values to unpack (expected 3, got 2)", "not enough values to unpack (expected 3, got 1)"],
  },
  {
    name: "Python: a codec position",
    type: "UnicodeDecodeError",
    values: [
      "'utf-8' codec can't decode byte 0xff in position 0: invalid start byte",
      "'utf-8' codec can't decode byte 0x89 in position 1024: invalid start byte",
    ],
  },
  {
    name: "Python: JSON",
    type: "JSONDecodeError",
    values: ["Expecting value: line 1 column 1 (char 0)", "Expecting value: line 12 column 5 (char 341)"],
  },
  {
    name: "requests: retries",
    type: "ConnectionError",
    values: [
      "HTTPSConnectionPool(host='api.shop.test', port=443): Max retries exceeded with url: /v1/orders/12 (Caused by NewConnectionError('<urllib3.connection.HTTPSConnection object at 0x7f1c2a3b4d50>: Failed to establish a new connection: [Errno 111] Connection refused'))",
      "HTTPSConnectionPool(host='api.shop.test', port=443): Max retries exceeded with url: /v1/orders/9912?expand=lines (Caused by NewConnectionError('<urllib3.connection.HTTPSConnection object at 0x7fe0aa0b1c10>: Failed to establish a new connection: [Errno 111] Connection refused'))",
    ],
  },
  {
    name: "Celery: a time limit",
    type: "TimeLimitExceeded",
    values: ["TimeLimitExceeded(300,)", "TimeLimitExceeded(60,)"],
  },
  {
    name: "Celery: a lost worker",
    type: "WorkerLostError",
    values: [
      "Worker exited prematurely: signal 9 (SIGKILL) Job: 1233.",
      "Worker exited prematurely: signal 9 (SIGKILL) Job: 7.",
    ],
  },
  {
    name: "pandas: a shape",
    type: "ValueError",
    values: [
      "Shape of passed values is (120, 4), indices imply (120, 5)",
      "Shape of passed values is (7, 4), indices imply (7, 5)",
    ],
  },
  {
    name: "numpy: broadcasting",
    type: "ValueError",
    values: [
      "operands could not be broadcast together with shapes (3,4) (4,5) ",
      "operands could not be broadcast together with shapes (128,64) (64,32) ",
    ],
  },
  {
    name: "PyTorch: CUDA memory",
    type: "OutOfMemoryError",
    values: [
      "CUDA out of memory. Tried to allocate 2.00 GiB (GPU 0; 15.78 GiB total capacity; 12.31 GiB already allocated; 1.19 GiB free; 13.02 GiB reserved in total by PyTorch)",
      "CUDA out of memory. Tried to allocate 20.00 MiB (GPU 1; 23.69 GiB total capacity; 22.00 GiB already allocated; 8.19 MiB free; 22.02 GiB reserved in total by PyTorch)",
    ],
  },
  {
    name: "asyncpg: a query argument",
    type: "DataError",
    values: [
      "invalid input for query argument $1: 'abc' ('str' object cannot be interpreted as an integer)",
      "invalid input for query argument $1: 'x-9' ('str' object cannot be interpreted as an integer)",
    ],
  },
  {
    name: "Python: a lock file",
    type: "PermissionError",
    values: [
      "[Errno 13] Permission denied: '/var/lock/app.lock'",
      "[Errno 13] Permission denied: '/run/user/1000/x.sock'",
    ],
  },
  {
    name: "Pydantic: a model",
    type: "ValidationError",
    values: ["2 validation errors for Order\nid", "3 validation errors for Order\nid"],
  },
  { name: "Python: an index with its key", type: "KeyError", values: ["12", "98"] },
  {
    name: "subprocess: a command",
    type: "CalledProcessError",
    values: [
      "Command '['ffmpeg', '-i', '/tmp/a.mp4']' returned non-zero exit status 1.",
      "Command '['ffmpeg', '-i', '/tmp/b77.mp4', '-y']' returned non-zero exit status 1.",
    ],
  },
  {
    name: "Java: an index",
    type: "ArrayIndexOutOfBoundsException",
    values: ["Index 5 out of bounds for length 5", "Index 12 out of bounds for length 10"],
  },
  {
    name: "Java: a number",
    type: "NumberFormatException",
    values: ['For input string: "abc"', 'For input string: "12.50"', 'For input string: ""'],
  },
  {
    name: "Java: a date",
    type: "DateTimeParseException",
    values: ["Text '2026-02-30' could not be parsed at index 0", "Text '31/12/2025' could not be parsed at index 2"],
  },
  {
    name: "Hikari: a pool",
    type: "SQLTransientConnectionException",
    values: [
      "HikariPool-1 - Connection is not available, request timed out after 30000ms (total=10, active=10, idle=0, waiting=25)",
      "HikariPool-2 - Connection is not available, request timed out after 30004ms (total=20, active=20, idle=0, waiting=3)",
    ],
  },
  {
    name: "Java: a class cast of a loader",
    type: "ClassCastException",
    values: [
      "class com.acme.A cannot be cast to class com.acme.B (com.acme.A is in unnamed module of loader org.springframework.boot.loader.LaunchedURLClassLoader @5cad8086; com.acme.B is in unnamed module of loader 'app')",
      "class com.acme.A cannot be cast to class com.acme.B (com.acme.A is in unnamed module of loader org.springframework.boot.loader.LaunchedURLClassLoader @1b2c3d4e; com.acme.B is in unnamed module of loader 'app')",
    ],
  },
  {
    name: "Java: a rejected task",
    type: "RejectedExecutionException",
    values: [
      "Task java.util.concurrent.FutureTask@6d06d69c rejected from java.util.concurrent.ThreadPoolExecutor@7852e922[Running, pool size = 10, active threads = 10, queued tasks = 100, completed tasks = 2045]",
      "Task java.util.concurrent.FutureTask@1a2b3c4d rejected from java.util.concurrent.ThreadPoolExecutor@5e6f7081[Running, pool size = 4, active threads = 4, queued tasks = 100, completed tasks = 17]",
    ],
  },
  {
    name: "Netty: a refused connection",
    type: "AnnotatedConnectException",
    values: ["Connection refused: localhost/127.0.0.1:6379", "Connection refused: cache-2.internal/10.0.4.12:6379"],
  },
  {
    name: "Netty: a leak of memory",
    type: "OutOfDirectMemoryError",
    values: [
      "failed to allocate 16777216 byte(s) of direct memory (used: 1056964615, max: 1073741824)",
      "failed to allocate 4194304 byte(s) of direct memory (used: 536870912, max: 536870912)",
    ],
  },
  {
    name: "Spring: a stale object",
    type: "ObjectOptimisticLockingFailureException",
    values: [
      "Row was updated or deleted by another transaction (or unsaved-value mapping was incorrect) : [com.acme.Order#12]",
      "Row was updated or deleted by another transaction (or unsaved-value mapping was incorrect) : [com.acme.Order#98123]",
    ],
  },
  {
    name: "Jackson: a token",
    type: "MismatchedInputException",
    values: [
      'Cannot deserialize value of type `int` from String "abc": not a valid `int` value\n at [Source: (String)"{"a":"abc"}"; line: 1, column: 6]',
      'Cannot deserialize value of type `int` from String "x1": not a valid `int` value\n at [Source: (String)"{"a":"x1"}"; line: 1, column: 6]',
    ],
  },
  {
    name: "Java: too many open",
    type: "SocketException",
    values: ["Too many open files (accept failed) fd=1024", "Too many open files (accept failed) fd=4096"],
  },
  {
    name: "Kafka: an offset",
    type: "OffsetOutOfRangeException",
    values: [
      "Fetch position FetchPosition{offset=12345, offsetEpoch=Optional[0], currentLeader=LeaderAndEpoch{leader=Optional[kafka-1:9092 (id: 1 rack: null)], epoch=3}} is out of range for partition orders-7",
      "Fetch position FetchPosition{offset=99, offsetEpoch=Optional[2], currentLeader=LeaderAndEpoch{leader=Optional[kafka-2:9092 (id: 2 rack: null)], epoch=14}} is out of range for partition orders-12",
    ],
  },
  {
    name: "Kafka: expired records",
    type: "TimeoutException",
    values: [
      "Expiring 12 record(s) for orders-3:120001 ms has passed since batch creation",
      "Expiring 1 record(s) for orders-11:120000 ms has passed since batch creation",
    ],
  },
  {
    name: "Elasticsearch: a breaker",
    type: "CircuitBreakingException",
    values: [
      "[parent] Data too large, data for [<http_request>] would be [1019327384/972.1mb], which is larger than the limit of [1020054732/972.7mb], real usage: [1019325976/972.1mb], new bytes reserved: [1408/1.3kb]",
      "[parent] Data too large, data for [<http_request>] would be [2019327384/1.8gb], which is larger than the limit of [2020054732/1.8gb], real usage: [2019325976/1.8gb], new bytes reserved: [0/0b]",
    ],
  },
  {
    name: "Go: dial tcp",
    type: "*net.OpError",
    values: [
      "dial tcp 10.96.0.1:443: connect: connection refused",
      "dial tcp [fd00::12]:6379: connect: connection refused",
    ],
  },
  {
    name: "Go: lookup: more",
    type: "*net.DNSError",
    values: [
      "lookup api.acme.com on 10.96.0.10:53: no such host",
      "lookup db.prod.internal on 169.254.20.10:53: no such host",
    ],
  },
  {
    name: "Go: i/o timeout",
    type: "*net.OpError",
    values: [
      "read tcp 10.244.1.7:48322->10.0.3.4:5432: i/o timeout",
      "read tcp 10.244.9.12:33100->10.0.3.4:5432: i/o timeout",
    ],
  },
  {
    name: "Go: an index",
    type: "runtime.boundsError",
    values: [
      "runtime error: index out of range [5] with length 3",
      "runtime error: index out of range [12] with length 12",
    ],
  },
  {
    name: "Go: a nil map address",
    type: "runtime.errorString",
    values: [
      "invalid memory address or nil pointer dereference [signal SIGSEGV: segmentation violation code=0x1 addr=0x18 pc=0x6f3a2c]",
      "invalid memory address or nil pointer dereference [signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x10a3f1b]",
    ],
  },
  {
    name: "Go: Get",
    type: "*url.Error",
    values: [
      'Get "https://api.acme.com/v1/users/12": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
      'Get "https://api.acme.com/v1/users/7781?full=1": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
    ],
  },
  {
    name: "Go: strconv",
    type: "*strconv.NumError",
    values: ['strconv.Atoi: parsing "abc": invalid syntax', 'strconv.Atoi: parsing "1,5": invalid syntax'],
  },
  {
    name: "Go: x509 dates",
    type: "x509.CertificateInvalidError",
    values: [
      "x509: certificate has expired or is not yet valid: current time 2026-11-26T10:00:00Z is after 2026-11-25T23:59:59Z",
      "x509: certificate has expired or is not yet valid: current time 2025-01-02T03:04:05+02:00 is after 2024-12-31T00:00:00Z",
    ],
  },
  {
    name: "Go: duration",
    type: "*errors.errorString",
    values: [
      "retry budget exhausted after 1m30s",
      "retry budget exhausted after 2h0m5.25s",
      "retry budget exhausted after 850ms",
    ],
  },
  {
    name: "Kubernetes: an object",
    type: "*errors.StatusError",
    values: ['pods "web-7d4b9c6f5d-x2x7k" not found', 'pods "web-5c8f7d9b6c-qq4zl" not found'],
  },
  {
    name: "Kubernetes: a conflict",
    type: "*errors.StatusError",
    values: [
      'Operation cannot be fulfilled on deployments.apps "web": the object has been modified; please apply your changes to the latest version and try again',
      'Operation cannot be fulfilled on deployments.apps "api-gateway": the object has been modified; please apply your changes to the latest version and try again',
    ],
  },
  {
    name: "containerd: an image",
    type: "Error",
    values: [
      'failed to pull image "ghcr.io/acme/web:1.2.3": rpc error: code = NotFound desc = not found',
      'failed to pull image "ghcr.io/acme/api@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08": rpc error: code = NotFound desc = not found',
    ],
  },
  {
    name: "Rails: not found",
    type: "ActiveRecord::RecordNotFound",
    values: ["Couldn't find Order with 'id'=12", "Couldn't find Order with 'id'=0b2f9f57-8a14-4f5b-9f57-0b2f9f578a14"],
  },
  {
    name: "Rails: not found with a scope",
    type: "ActiveRecord::RecordNotFound",
    values: [
      'Couldn\'t find Order with \'id\'=12 [WHERE "orders"."user_id" = $1]',
      'Couldn\'t find Order with \'id\'=9981 [WHERE "orders"."user_id" = $1]',
    ],
  },
  {
    name: "Ruby: an object's address",
    type: "NoMethodError",
    values: [
      "undefined method `total' for #<Order:0x00007f8b1c0d2e38>",
      "undefined method `total' for #<Order:0x000055d0c2a7f410>",
    ],
  },
  {
    name: "Ruby: an object's address with members",
    type: "NoMethodError",
    values: [
      'undefined method `total\' for #<Order:0x00007f8b1c0d2e38 @id=12, @name="Ann">',
      'undefined method `total\' for #<Order:0x000055d0c2a7f410 @id=7, @name="Bob B">',
    ],
  },
  {
    name: "Rails: a route",
    type: "ActionController::RoutingError",
    values: ['No route matches [GET] "/wp-login.php"', 'No route matches [GET] "/.env"'],
  },
  {
    name: "Ruby: connect",
    type: "Errno::ECONNREFUSED",
    values: [
      'Connection refused - connect(2) for "localhost" port 6379',
      'Connection refused - connect(2) for "10.0.0.7" port 6380',
    ],
  },
  {
    name: "Sidekiq: a job",
    type: "RuntimeError",
    values: [
      "Job 9f8b7c6d5e4f3a2b1c0d9e8f exhausted its 25 retries",
      "Job 0011aabbccddeeff00112233 exhausted its 25 retries",
    ],
  },
  {
    name: "PHP: memory: more",
    type: "ErrorException",
    values: [
      "Allowed memory size of 134217728 bytes exhausted (tried to allocate 20480 bytes)",
      "Allowed memory size of 536870912 bytes exhausted (tried to allocate 67108872 bytes)",
    ],
  },
  {
    name: "PHP: execution time: more",
    type: "ErrorException",
    values: ["Maximum execution time of 30 seconds exceeded", "Maximum execution time of 120 seconds exceeded"],
  },
  {
    name: "PHP: a stream",
    type: "ErrorException",
    values: [
      "file_get_contents(https://api.acme.com/v1/12): Failed to open stream: Connection timed out",
      "file_get_contents(https://api.acme.com/v1/998?x=y): Failed to open stream: Connection timed out",
    ],
  },
  { name: "PHP: an offset", type: "ErrorException", values: ["Undefined array key 3", "Undefined array key 12"] },
  {
    name: "Laravel: no query results",
    type: "ModelNotFoundException",
    values: [
      "No query results for model [App\\Models\\Order] 12",
      "No query results for model [App\\Models\\Order] 9912",
    ],
  },
  {
    name: "PHP: a query",
    type: "QueryException",
    values: [
      "SQLSTATE[23000]: Integrity constraint violation: 1062 Duplicate entry 'ann@a.test' for key 'users_email_unique' (Connection: mysql, SQL: insert into `users` (`email`) values (ann@a.test))",
      "SQLSTATE[23000]: Integrity constraint violation: 1062 Duplicate entry 'bob@b.test' for key 'users_email_unique' (Connection: mysql, SQL: insert into `users` (`email`) values (bob@b.test))",
    ],
  },
  {
    name: ".NET: a format",
    type: "System.FormatException",
    values: [
      "The input string 'abc' was not in a correct format.",
      "The input string '12,5' was not in a correct format.",
    ],
  },
  {
    name: ".NET: a key",
    type: "System.Collections.Generic.KeyNotFoundException",
    values: [
      "The given key '12' was not present in the dictionary.",
      "The given key 'ann@a.test' was not present in the dictionary.",
    ],
  },
  {
    name: ".NET: a file in use",
    type: "System.IO.IOException",
    values: [
      "The process cannot access the file 'C:\\inetpub\\logs\\a.log' because it is being used by another process.",
      "The process cannot access the file 'D:\\data\\My Files\\b.xlsx' because it is being used by another process.",
    ],
  },
  {
    name: ".NET: an HTTP timeout",
    type: "System.Threading.Tasks.TaskCanceledException",
    values: [
      "The request was canceled due to the configured HttpClient.Timeout of 100 seconds elapsing.",
      "The request was canceled due to the configured HttpClient.Timeout of 30 seconds elapsing.",
    ],
  },
  {
    name: ".NET: an entity",
    type: "DbUpdateConcurrencyException",
    values: [
      "The database operation was expected to affect 1 row(s), but actually affected 0 row(s); data may have been modified or deleted since entities were loaded.",
      "The database operation was expected to affect 3 row(s), but actually affected 2 row(s); data may have been modified or deleted since entities were loaded.",
    ],
  },
  {
    name: ".NET: a socket",
    type: "System.Net.Sockets.SocketException",
    values: [
      "No connection could be made because the target machine actively refused it. (localhost:5432)",
      "No connection could be made because the target machine actively refused it. (10.0.0.5:5432)",
    ],
  },
  {
    name: "SQL Server: a deadlock",
    type: "SqlException",
    values: [
      "Transaction (Process ID 52) was deadlocked on lock resources with another process and has been chosen as the deadlock victim. Rerun the transaction.",
      "Transaction (Process ID 117) was deadlocked on lock resources with another process and has been chosen as the deadlock victim. Rerun the transaction.",
    ],
  },
  {
    name: "SQL Server: a key",
    type: "SqlException",
    values: [
      "Violation of UNIQUE KEY constraint 'UQ_Users_Email'. Cannot insert duplicate key in object 'dbo.Users'. The duplicate key value is (ann@a.test).",
      "Violation of UNIQUE KEY constraint 'UQ_Users_Email'. Cannot insert duplicate key in object 'dbo.Users'. The duplicate key value is (bob@b.test).",
    ],
  },
  {
    name: "Rust: an index",
    type: "panic",
    values: [
      "index out of bounds: the len is 3 but the index is 5",
      "index out of bounds: the len is 0 but the index is 0",
    ],
  },
  {
    name: "Rust: a slice",
    type: "panic",
    values: [
      "range end index 12 out of range for slice of length 8",
      "range end index 4096 out of range for slice of length 4000",
    ],
  },
  {
    name: "Rust: an OS error",
    type: "Error",
    values: [
      "No such file or directory (os error 2): /etc/app/a.toml",
      "No such file or directory (os error 2): /srv/b.toml",
    ],
  },
  {
    name: "Swift: a selector",
    type: "NSInvalidArgumentException",
    values: [
      "-[__NSCFNumber length]: unrecognized selector sent to instance 0x8000000000000000",
      "-[__NSCFNumber length]: unrecognized selector sent to instance 0x600001d2c3a0",
    ],
  },
  {
    name: "iOS: NSURLError",
    type: "NSURLErrorDomain",
    values: [
      'Error Domain=NSURLErrorDomain Code=-1001 "The request timed out." UserInfo={NSErrorFailingURLStringKey=https://api.acme.com/v1/12, _NSURLErrorRelatedURLSessionTaskErrorKey=(\n    "LocalDataTask <5D4E5A3B-1C2D-4E5F-8A9B-0C1D2E3F4A5B>.<3>"\n)}',
      'Error Domain=NSURLErrorDomain Code=-1001 "The request timed out." UserInfo={NSErrorFailingURLStringKey=https://api.acme.com/v1/99812, _NSURLErrorRelatedURLSessionTaskErrorKey=(\n    "LocalDataTask <0C1D2E3F-8A9B-4E5F-1C2D-5D4E5A3B4A5B>.<12>"\n)}',
    ],
  },
  {
    name: "iOS: an array",
    type: "NSRangeException",
    values: [
      "*** -[__NSArrayM objectAtIndex:]: index 5 beyond bounds [0 .. 4]",
      "*** -[__NSArrayM objectAtIndex:]: index 12 beyond bounds [0 .. 11]",
    ],
  },
  {
    name: "Android: ANR",
    type: "ApplicationNotResponding",
    values: ["ANR for at least 5000 ms.", "ANR for at least 10012 ms."],
  },
  {
    name: "Android: a view",
    type: "IllegalStateException",
    values: [
      "The specified child already has a parent. You must call removeView() on the child's parent first. android.widget.TextView{a1b2c3d V.ED..... ......ID 0,0-120,48}",
      "The specified child already has a parent. You must call removeView() on the child's parent first. android.widget.TextView{9f8e7d6 V.ED..... ......ID 0,0-64,20}",
    ],
  },
  {
    name: "Android: a service",
    type: "RemoteServiceException",
    values: [
      "Context.startForegroundService() did not then call Service.startForeground(): ServiceRecord{8c2f1b1 u0 com.acme.app/.SyncService}",
      "Context.startForegroundService() did not then call Service.startForeground(): ServiceRecord{1f2e3da u0 com.acme.app/.SyncService}",
    ],
  },
  {
    name: "Kotlin: a job",
    type: "JobCancellationException",
    values: [
      "StandaloneCoroutine was cancelled; job=StandaloneCoroutine{Cancelling}@3f1a2b7",
      "StandaloneCoroutine was cancelled; job=StandaloneCoroutine{Cancelling}@9c8d7e6",
    ],
  },
  {
    name: "PostgreSQL: a key",
    type: "UniqueViolation",
    values: [
      'duplicate key value violates unique constraint "users_email_key"\nDETAIL:  Key (email)=(ann@a.test) already exists.',
      'duplicate key value violates unique constraint "users_email_key"\nDETAIL:  Key (email)=(bob@b.test) already exists.',
    ],
  },
  {
    name: "PostgreSQL: a key with a name",
    type: "UniqueViolation",
    values: [
      'duplicate key value violates unique constraint "users_name_key"\nDETAIL:  Key (name)=(ann) already exists.',
      'duplicate key value violates unique constraint "users_name_key"\nDETAIL:  Key (name)=(bob jones) already exists.',
    ],
  },
  {
    name: "PostgreSQL: a deadlock",
    type: "DeadlockDetected",
    values: [
      "deadlock detected\nDETAIL:  Process 1234 waits for ShareLock on transaction 5678; blocked by process 4321.",
      "deadlock detected\nDETAIL:  Process 99 waits for ShareLock on transaction 1; blocked by process 100.",
    ],
  },
  {
    name: "PostgreSQL: a length",
    type: "DataError",
    values: ["value too long for type character varying(255)", "value too long for type character varying(64)"],
  },
  {
    name: "PostgreSQL: a syntax",
    type: "DataError",
    values: ['invalid input syntax for type uuid: "abc"', 'invalid input syntax for type uuid: "undefined"'],
  },
  {
    name: "PostgreSQL: connections",
    type: "OperationalError",
    values: [
      'connection to server at "10.0.0.5", port 5432 failed: FATAL:  sorry, too many clients already',
      'connection to server at "db.internal", port 5432 failed: FATAL:  sorry, too many clients already',
    ],
  },
  {
    name: "PostgreSQL: connections with the address",
    type: "OperationalError",
    values: [
      'connection to server at "db.internal" (10.0.0.9), port 5432 failed: FATAL:  password authentication failed for user "app"',
      'connection to server at "db2.internal" (10.0.0.10), port 5433 failed: FATAL:  password authentication failed for user "app"',
    ],
  },
  {
    name: "MySQL: too long",
    type: "DataError",
    values: [
      "(1406, \"Data too long for column 'name' at row 1\")",
      "(1406, \"Data too long for column 'name' at row 12\")",
    ],
  },
  {
    name: "MySQL: access",
    type: "OperationalError",
    values: [
      "Access denied for user 'app'@'10.0.0.5' (using password: YES)",
      "Access denied for user 'app'@'web-1.internal' (using password: YES)",
    ],
  },
  {
    name: "MySQL: a syntax",
    type: "ProgrammingError",
    values: [
      "You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version for the right syntax to use near 'FROM orders WHERE id = 12' at line 1",
      "You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version for the right syntax to use near 'FROM orders WHERE id = 998' at line 1",
    ],
  },
  {
    name: "MongoDB: a key",
    type: "MongoServerError",
    values: [
      'E11000 duplicate key error collection: shop.users index: email_1 dup key: { email: "ann@a.test" }',
      'E11000 duplicate key error collection: shop.users index: email_1 dup key: { email: "bob@b.test" }',
    ],
  },
  {
    name: "MongoDB: a selection",
    type: "ServerSelectionTimeoutError",
    values: ["Server selection timed out after 30000 ms", "Server selection timed out after 5000 ms"],
  },
  {
    name: "Redis: moved: more",
    type: "ReplyError",
    values: ["MOVED 3999 127.0.0.1:6381", "MOVED 12539 10.0.0.7:6379"],
  },
  {
    name: "Cassandra: replicas",
    type: "UnavailableException",
    values: [
      "Not enough replicas available for query at consistency QUORUM (2 required but only 1 alive)",
      "Not enough replicas available for query at consistency QUORUM (3 required but only 2 alive)",
    ],
  },
  {
    name: "SQLite: a disk",
    type: "SqliteError",
    values: [
      "database disk image is malformed: page 1234 of /data/app.db",
      "database disk image is malformed: page 7 of /data/x/app.db",
    ],
  },
  {
    name: "AWS: a key",
    type: "NoSuchKey",
    values: [
      "The specified key does not exist. (Service: Amazon S3; Status Code: 404; Error Code: NoSuchKey; Request ID: 4442587FB7D0A2F9; S3 Extended Request ID: eftixk72aD6Ap51TnqcoF8eFidJG9Z/2mkiDFu8yU9AS1ed4OpIszj7UDNEHGran; Proxy: null)",
      "The specified key does not exist. (Service: Amazon S3; Status Code: 404; Error Code: NoSuchKey; Request ID: 7A2F9B3C1D0E4F58; S3 Extended Request ID: Zx9kLm3nOpQrStUvWxYz0123456789abcdefGHIJKLMNOPQRSTUVWXYZab/cdefg+h=; Proxy: null)",
    ],
  },
  {
    name: "AWS: an ARN",
    type: "AccessDeniedException",
    values: [
      "User: arn:aws:sts::123456789012:assumed-role/app-role/i-0abc12345def67890 is not authorized to perform: dynamodb:PutItem on resource: arn:aws:dynamodb:eu-west-1:123456789012:table/orders",
      "User: arn:aws:sts::123456789012:assumed-role/app-role/i-0ffe98765dcb43210 is not authorized to perform: dynamodb:PutItem on resource: arn:aws:dynamodb:eu-west-1:123456789012:table/orders",
    ],
  },
  {
    name: "AWS: a throttle",
    type: "ThrottlingException",
    values: [
      "Rate exceeded (Request ID: 9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d)",
      "Rate exceeded (Request ID: 1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed)",
    ],
  },
  {
    name: "AWS Lambda: a timeout",
    type: "Error",
    values: [
      "2026-11-26T10:00:00.123Z 5f2c1b9a-1111-2222-3333-444455556666 Task timed out after 3.00 seconds",
      "2025-02-03T04:05:06.789Z 9a8b7c6d-aaaa-bbbb-cccc-ddddeeeeffff Task timed out after 30.03 seconds",
    ],
  },
  {
    name: "Google: a bucket",
    type: "google.api_core.exceptions.Forbidden",
    values: [
      "403 GET https://storage.googleapis.com/storage/v1/b/acme-a/o/x%2F12.png?alt=json: svc@acme.iam.gserviceaccount.com does not have storage.objects.get access",
      "403 GET https://storage.googleapis.com/storage/v1/b/acme-a/o/y%2F98.png?alt=json: svc2@acme.iam.gserviceaccount.com does not have storage.objects.get access",
    ],
  },
  {
    name: "Azure: a request id",
    type: "RestError",
    values: [
      "The specified blob does not exist.\nRequestId:0a1b2c3d-401e-0012-3456-789abc000000\nTime:2026-11-26T10:00:00.1234567Z",
      "The specified blob does not exist.\nRequestId:ffff2c3d-401e-0012-3456-789abc000000\nTime:2025-01-02T10:00:00.7654321Z",
    ],
  },
  {
    name: "Stripe: a customer",
    type: "StripeInvalidRequestError",
    values: ["No such customer: 'cus_NffrFeUfNV2Hib'", "No such customer: 'cus_9s6XKzkNRiz8i3'"],
  },
  {
    name: "Stripe: an id that is not quoted",
    type: "StripeInvalidRequestError",
    values: [
      "No such payment_intent: pi_3MtwBwLkdIwHu7ix28a3tqPa",
      "No such payment_intent: pi_1Gt0RG2eZvKYlo2CtxkQK2rm",
    ],
  },
  {
    name: "Stripe: idempotency",
    type: "StripeIdempotencyError",
    values: [
      "Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '4f1c-8812' if you meant to execute a different request.",
      "Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than 'order-77' if you meant to execute a different request.",
    ],
  },
  {
    name: "Twilio: a phone number",
    type: "TwilioRestException",
    values: [
      "Unable to create record: The 'To' number +15005550001 is not a valid phone number.",
      "Unable to create record: The 'To' number +4915112345678 is not a valid phone number.",
    ],
  },
  {
    name: "RabbitMQ: a channel",
    type: "ChannelClosedByBroker",
    values: [
      "(406, 'PRECONDITION_FAILED - unknown delivery tag 12')",
      "(406, 'PRECONDITION_FAILED - unknown delivery tag 9918')",
    ],
  },
  {
    name: "RabbitMQ: a queue",
    type: "ChannelClosedByBroker",
    values: ["NOT_FOUND - no queue 'orders.12' in vhost '/'", "NOT_FOUND - no queue 'orders.98' in vhost '/'"],
  },
  {
    name: "BullMQ: a job",
    type: "Error",
    values: ["job stalled more than allowable limit 12", "job stalled more than allowable limit 3"],
  },
  {
    name: "BullMQ: a missing lock",
    type: "Error",
    values: ["Missing lock for job 1234. moveToFinished", "Missing lock for job 99. moveToFinished"],
  },
  {
    name: "nginx: upstream: more",
    type: "nginx",
    values: [
      '2026/11/26 10:00:00 [error] 31#31: *1234 connect() failed (111: Connection refused) while connecting to upstream, client: 203.0.113.7, server: shop.test, request: "GET /api/orders/12 HTTP/1.1", upstream: "http://10.0.0.5:8080/api/orders/12", host: "shop.test"',
      '2025/01/02 03:04:05 [error] 7#7: *9 connect() failed (111: Connection refused) while connecting to upstream, client: 198.51.100.9, server: shop.test, request: "GET /api/orders/98 HTTP/1.1", upstream: "http://10.0.0.6:8080/api/orders/98", host: "www.shop.test"',
    ],
  },
  {
    name: "HAProxy: a server",
    type: "haproxy",
    values: [
      'Server web/web-1 is DOWN, reason: Layer4 connection problem, info: "Connection refused", check duration: 0ms. 1 active and 0 backup servers left. 0 sessions active, 0 requeued, 0 remaining in queue.',
      'Server web/web-2 is DOWN, reason: Layer4 connection problem, info: "Connection refused", check duration: 12ms. 3 active and 1 backup servers left. 17 sessions active, 0 requeued, 0 remaining in queue.',
    ],
  },
  {
    name: "SMTP: a mailbox",
    type: "SMTPRecipientsRefused",
    values: [
      "550 5.1.1 <ann@a.test>: Recipient address rejected: User unknown in local recipient table",
      "550 5.1.1 <bob@b.test>: Recipient address rejected: User unknown in local recipient table",
    ],
  },
  {
    name: "SMTP: a greylist",
    type: "SMTPError",
    values: [
      "451 4.7.1 Greylisting in action, please come back in 300 seconds",
      "451 4.7.1 Greylisting in action, please come back in 57 seconds",
    ],
  },
  {
    name: "postfix: a queue id",
    type: "postfix/smtp",
    values: [
      "4F9D2C1A7B: to=<ann@a.test>, relay=mx.a.net[203.0.113.9]:25, delay=12, delays=0.1/0/10/1.9, dsn=4.0.0, status=deferred (host mx.a.net[203.0.113.9] refused to talk to me)",
      "0A1B2C3D4E: to=<bob@b.test>, relay=mx2.b.net[198.51.100.4]:25, delay=3.4, delays=0.01/0.02/3/0.3, dsn=4.0.0, status=deferred (host mx2.b.net[198.51.100.4] refused to talk to me)",
    ],
  },
  {
    name: "gRPC: a deadline",
    type: "RpcError",
    values: [
      "4 DEADLINE_EXCEEDED: Deadline exceeded after 5.001s,LB pick: 0.001s,remote_addr=10.0.0.5:50051",
      "4 DEADLINE_EXCEEDED: Deadline exceeded after 10.2s,LB pick: 0.013s,remote_addr=10.0.0.9:50051",
    ],
  },
  {
    name: "gRPC: unavailable",
    type: "Error",
    values: [
      "14 UNAVAILABLE: No connection established. Last error: connect ECONNREFUSED 10.0.0.5:50051 (2026-11-26T10:00:00.000Z)",
      "14 UNAVAILABLE: No connection established. Last error: connect ECONNREFUSED 10.0.0.6:50052 (2025-01-02T10:00:00.000Z)",
    ],
  },
  {
    name: "GraphQL: a variable",
    type: "GraphQLError",
    values: [
      'Variable "$id" got invalid value "abc"; Int cannot represent non-integer value: "abc"',
      'Variable "$id" got invalid value "12x"; Int cannot represent non-integer value: "12x"',
    ],
  },
  {
    name: "OpenSSL: an error queue",
    type: "SSLError",
    values: [
      "140735278842752:error:0A000086:SSL routines:tls_post_process_server_certificate:certificate verify failed:ssl/statem/statem_clnt.c:1889:",
      "1407998123002:error:0A000086:SSL routines:tls_post_process_server_certificate:certificate verify failed:ssl/statem/statem_clnt.c:1889:",
    ],
  },
  {
    name: "Python: TLS",
    type: "SSLError",
    values: [
      "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate (_ssl.c:1129)",
      "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate (_ssl.c:1007)",
    ],
  },
  {
    name: "disk: space",
    type: "OSError",
    values: [
      "[Errno 28] No space left on device: '/var/data/tmp8f7s9d'",
      "[Errno 28] No space left on device: '/var/data/tmp_q1w2e3'",
    ],
  },
  {
    name: "git: a lock",
    type: "GitCommandError",
    values: [
      "Unable to create '/srv/repos/a.git/index.lock': File exists.",
      "Unable to create '/srv/repos/team/b.git/index.lock': File exists.",
    ],
  },
  {
    name: "rate limit: a reset",
    type: "RateLimitError",
    values: [
      "API rate limit exceeded for user ID 1234567. (reset at 2026-11-26 10:00:00 UTC)",
      "API rate limit exceeded for user ID 99. (reset at 2025-01-02 03:04:05 UTC)",
    ],
  },
  {
    name: "OpenAI: tokens",
    type: "BadRequestError",
    values: [
      "This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens. Please reduce the length of the messages.",
      "This model's maximum context length is 128000 tokens. However, your messages resulted in 140221 tokens. Please reduce the length of the messages.",
    ],
  },
  {
    name: "money: amounts",
    type: "Error",
    values: [
      "Refund of $12.50 exceeds the charge of $10.00",
      "Refund of $1,200.00 exceeds the charge of $999.99",
      "Refund of $5 exceeds the charge of $4",
    ],
  },
  {
    name: "own: an order reference",
    type: "Error",
    values: ["Order ORD-2026-00123 cannot be shipped", "Order ORD-2025-99871 cannot be shipped"],
  },
  {
    name: "own: a ULID",
    type: "Error",
    values: ["job 01ARZ3NDEKTSV4RRFFQ69G5FAV not found", "job 01BX5ZZKBKACTAV9WEVGEMMVRZ not found"],
  },
  {
    name: "own: an ObjectId",
    type: "Error",
    values: ["document 507f1f77bcf86cd799439011 is locked", "document 65a1b2c3d4e5f60718293a4b is locked"],
  },
  {
    name: "own: a JSON document",
    type: "Error",
    values: [
      'Invalid payload: {"id":12,"name":"Ann","tags":[1,2]}',
      'Invalid payload: {"id":98,"name":"Bob B","tags":[3]}',
    ],
  },
  {
    name: "own: key=value pairs",
    type: "Error",
    values: [
      "payment declined user_id=12 amount=9.99 currency=EUR",
      "payment declined user_id=9981 amount=120 currency=EUR",
    ],
  },
  { name: "own: a percentage", type: "Error", values: ["disk 97.5% full on node-3", "disk 99% full on node-12"] },
  {
    name: "own: a range of dates",
    type: "Error",
    values: ["no rates for 2026-11-26 - 2026-11-30", "no rates for 2025-01-01 - 2025-01-02"],
  },
  {
    name: "own: coordinates",
    type: "Error",
    values: [
      "no route from (52.5200,13.4050) to (48.8566,2.3522)",
      "no route from (40.7128,-74.0060) to (34.0522,-118.2437)",
    ],
  },
  {
    name: "own: an IPv4 network",
    type: "Error",
    values: ["subnet 10.0.0.0/16 overlaps 10.0.1.0/24", "subnet 192.168.0.0/24 overlaps 192.168.0.128/25"],
  },
  {
    name: "PostgreSQL: a row with a null",
    type: "NotNullViolation",
    values: [
      'null value in column "email" of relation "users" violates not-null constraint\nDETAIL:  Failing row contains (12, ann, null, 2026-11-26 10:00:00).',
      'null value in column "email" of relation "users" violates not-null constraint\nDETAIL:  Failing row contains (98, Bob (Jr) Jones, null, 2025-01-02 03:04:05).',
    ],
  },
  {
    name: "PostgreSQL: a missing row",
    type: "ForeignKeyViolation",
    values: [
      'insert or update on table "orders" violates foreign key constraint "orders_user_fkey"\nDETAIL:  Key (user_name)=(ann) is not present in table "users".',
      'insert or update on table "orders" violates foreign key constraint "orders_user_fkey"\nDETAIL:  Key (user_name)=(bob jones) is not present in table "users".',
    ],
  },
  {
    name: "Go: a port",
    type: "*net.OpError",
    values: ["listen tcp :8080: bind: address already in use", "listen tcp :3000: bind: address already in use"],
  },
  { name: "own: a barcode", type: "Error", values: ["barcode 12345 not found", "barcode 99871 not found"] },
  { name: "own: a long number in a word", type: "Error", values: ["user123456 not found", "user998811 not found"] },
  {
    name: "Java: short hashes of objects",
    type: "IllegalStateException",
    values: [
      "com.acme.Session@77468 is closed",
      "com.acme.Session@1b2c3d is closed",
      "com.acme.Session@6d06d69c is closed",
    ],
  },
  {
    name: "Flutter: an overflow",
    type: "FlutterError",
    values: [
      "A RenderFlex overflowed by 12 pixels on the right.",
      "A RenderFlex overflowed by 3.5 pixels on the right.",
    ],
  },
  {
    name: "Dart: a socket",
    type: "SocketException",
    values: [
      "OS Error: Connection reset by peer, errno = 54, address = 10.0.0.1, port = 51234",
      "OS Error: Connection reset by peer, errno = 54, address = 10.0.0.2, port = 60001",
    ],
  },
  {
    name: "Elixir: a process",
    type: "exit",
    values: [
      "exited in: GenServer.call(#PID<0.123.0>, :get, 5000)",
      "exited in: GenServer.call(#PID<0.9912.4>, :get, 15000)",
    ],
  },
  {
    name: "C++: a range",
    type: "std::out_of_range",
    values: [
      "vector::_M_range_check: __n (which is 5) >= this->size() (which is 3)",
      "vector::_M_range_check: __n (which is 18446744073709551615) >= this->size() (which is 0)",
    ],
  },
  {
    name: "Kubernetes: a log line",
    type: "kubelet",
    values: [
      "E1126 10:00:00.123456   12345 reflector.go:561] failed to list *v1.Pod: Unauthorized",
      "E0102 03:04:05.678901       1 reflector.go:561] failed to list *v1.Pod: Unauthorized",
    ],
  },
  {
    name: "logrus: a line",
    type: "app",
    values: [
      'time="2026-11-26T10:00:00Z" level=error msg="cannot load order 12" user=ann@a.test',
      'time="2025-01-02T03:04:05Z" level=error msg="cannot load order 98" user=bob@b.test',
    ],
  },
  {
    name: "access log: sizes",
    type: "access",
    values: [
      '10.0.0.1 - - [26/Nov/2026:10:00:00 +0000] "GET /a HTTP/1.1" 500 12',
      '10.0.0.2 - - [27/Nov/2026:11:00:00 +0000] "GET /b?x=1 HTTP/1.1" 500 99812',
    ],
  },
];

/** No two values of a family are one issue. */
export const APART: readonly Family[] = [
  // Browsers
  {
    name: "Chrome: reading",
    type: "TypeError",
    values: [
      "Cannot read properties of undefined (reading 'foo')",
      "Cannot read properties of undefined (reading 'bar')",
      "Cannot read properties of null (reading 'foo')",
    ],
  },
  {
    name: "Chrome: names with digits",
    type: "TypeError",
    values: [
      "Cannot read properties of undefined (reading 'address1')",
      "Cannot read properties of undefined (reading 'address2')",
    ],
  },
  {
    name: "Chrome: setting",
    type: "TypeError",
    values: [
      "Cannot set properties of undefined (setting 'total')",
      "Cannot set properties of undefined (setting 'status')",
      "Cannot read properties of undefined (reading 'total')",
    ],
  },
  {
    name: "Chrome: old reading",
    type: "TypeError",
    values: ["Cannot read property 'map' of undefined", "Cannot read property 'filter' of undefined"],
  },
  {
    name: "Chrome: not a function",
    type: "TypeError",
    values: ["order.total is not a function", "order.close is not a function"],
  },
  { name: "Chrome: not defined", type: "ReferenceError", values: ["gtag is not defined", "fbq is not defined"] },
  {
    name: "Chrome: destructuring",
    type: "TypeError",
    values: [
      "Cannot destructure property 'data' of '(intermediate value)' as it is undefined.",
      "Cannot destructure property 'user' of '(intermediate value)' as it is undefined.",
    ],
  },
  {
    name: "Chrome: not iterable",
    type: "TypeError",
    values: ["items is not iterable", "undefined is not iterable (cannot read property Symbol(Symbol.iterator))"],
  },
  {
    name: "Chrome: before initialization",
    type: "ReferenceError",
    values: ["Cannot access 'store' before initialization", "Cannot access 'router' before initialization"],
  },
  {
    name: "Chrome: DOM method",
    type: "NotFoundError",
    values: [
      "Failed to execute 'removeChild' on 'Node': The node to be removed is not a child of this node.",
      "Failed to execute 'insertBefore' on 'Node': The node before which the new node is to be inserted is not a child of this node.",
    ],
  },
  {
    name: "Chrome: DOM method name alone",
    type: "TypeError",
    values: [
      "Failed to execute 'appendChild' on 'Node': parameter 1 is not of type 'Node'.",
      "Failed to execute 'removeChild' on 'Node': parameter 1 is not of type 'Node'.",
    ],
  },
  {
    name: "Chrome: storage",
    type: "SecurityError",
    values: [
      "Failed to read the 'localStorage' property from 'Window': Access is denied for this document.",
      "Failed to read the 'sessionStorage' property from 'Window': Access is denied for this document.",
    ],
  },
  {
    name: "Chrome: module type",
    type: "TypeError",
    values: [
      'Failed to load module script: Expected a JavaScript module script but the server responded with a MIME type of "text/html".',
      'Failed to load module script: Expected a JavaScript module script but the server responded with a MIME type of "application/json".',
    ],
  },
  {
    name: "Firefox: property",
    type: "TypeError",
    values: [
      'can\'t access property "id", order is undefined',
      'can\'t access property "name", order is undefined',
      'can\'t access property "id", user is undefined',
    ],
  },
  {
    name: "Safari: evaluating",
    type: "TypeError",
    values: [
      "undefined is not an object (evaluating 'a.items')",
      "undefined is not an object (evaluating 'a.total')",
      "null is not an object (evaluating 'a.items')",
    ],
  },
  {
    name: "Safari: variable",
    type: "ReferenceError",
    values: ["Can't find variable: gtag", "Can't find variable: fbq"],
  },
  {
    name: "fetch of three browsers",
    type: "TypeError",
    values: ["Failed to fetch", "NetworkError when attempting to fetch resource.", "Load failed"],
  },
  {
    name: "JSON end and token",
    type: "SyntaxError",
    values: [
      "Unexpected end of JSON input",
      "Unexpected token < in JSON at position 0",
      "Unterminated string in JSON at position 17",
    ],
  },
  {
    name: "JSON expectations",
    type: "SyntaxError",
    values: [
      "Expected ',' or '}' after property value in JSON at position 17",
      "Expected ',' or ']' after array element in JSON at position 17",
    ],
  },
  {
    name: "resize and stack",
    type: "RangeError",
    values: ["Maximum call stack size exceeded", "Invalid array length", "Invalid time value"],
  },
  {
    name: "resource status",
    type: "Error",
    values: [
      "Failed to load resource: the server responded with a status of 404 ()",
      "Failed to load resource: the server responded with a status of 500 ()",
    ],
  },
  {
    name: "WebSocket close code",
    type: "Error",
    values: ["WebSocket closed with code 1006", "WebSocket closed with code 1011"],
  },

  // Frameworks
  {
    name: "React codes",
    type: "Error",
    values: [
      "Minified React error #418; visit https://react.dev/errors/418 for the full message or use the non-minified dev environment for full errors and additional helpful warnings.",
      "Minified React error #425; visit https://react.dev/errors/425 for the full message or use the non-minified dev environment for full errors and additional helpful warnings.",
      "Minified React error #423; visit https://react.dev/errors/423 for the full message or use the non-minified dev environment for full errors and additional helpful warnings.",
    ],
  },
  {
    name: "React hooks",
    type: "Error",
    values: [
      "Rendered more hooks than during the previous render.",
      "Rendered fewer hooks than expected. This may be caused by an accidental early return statement.",
    ],
  },
  {
    name: "Vue components",
    type: "Error",
    values: ["Failed to resolve component: order-list", "Failed to resolve component: order-card"],
  },
  {
    name: "Angular codes",
    type: "Error",
    values: [
      "NG0200: Circular dependency in DI detected for OrderService.",
      "NG0201: No provider found for OrderService.",
    ],
  },
  {
    name: "Angular code alone",
    type: "Error",
    values: [
      "NG04002: Cannot match any routes. URL Segment: 'orders/17'",
      "NG04008: Cannot match any routes. URL Segment: 'orders/17'",
    ],
  },
  {
    name: "Angular providers",
    type: "Error",
    values: [
      "NG0201: No provider for HttpClient found in NodeInjector.",
      "NG0201: No provider for OrderService found in NodeInjector.",
    ],
  },
  {
    name: "webpack resolve",
    type: "Error",
    values: [
      "Module not found: Error: Can't resolve './Header' in '/app/src'",
      "Module not found: Error: Can't resolve './Footer' in '/app/src'",
    ],
  },
  {
    name: "chunk reasons",
    type: "ChunkLoadError",
    values: [
      "Loading chunk 17 failed.\n(error: https://cdn.example.com/js/17.js)",
      "Loading chunk 17 failed.\n(timeout: https://cdn.example.com/js/17.js)",
      "Loading chunk 17 failed.\n(missing: https://cdn.example.com/js/17.js)",
    ],
  },
  {
    name: "TypeScript codes",
    type: "Error",
    values: ["TS2304: Cannot find name 'order'.", "TS2552: Cannot find name 'order'. Did you mean 'Order'?"],
  },
  {
    name: "TypeScript code alone",
    type: "Error",
    values: ["error TS2304 in /app/src/order.ts(17,5)", "error TS2322 in /app/src/order.ts(17,5)"],
  },
  {
    name: "TypeScript names",
    type: "Error",
    values: ["TS2304: Cannot find name 'order'.", "TS2304: Cannot find name 'invoice'."],
  },

  // Node.js
  { name: "Node.js: modules", type: "Error", values: ["Cannot find module 'express'", "Cannot find module 'lodash'"] },
  {
    name: "Node.js: packages",
    type: "Error",
    values: [
      "Cannot find package 'zod' imported from /app/dist/index.js",
      "Cannot find package 'pg' imported from /app/dist/index.js",
    ],
  },
  {
    name: "Node.js: system errors",
    type: "Error",
    values: [
      "connect ECONNREFUSED 10.0.0.5:443",
      "connect ETIMEDOUT 10.0.0.5:443",
      "connect EHOSTUNREACH 10.0.0.5:443",
    ],
  },
  {
    name: "Node.js: stream errors",
    type: "Error",
    values: ["read ECONNRESET", "write ECONNRESET", "write EPIPE", "socket hang up"],
  },
  {
    name: "Node.js: file errors",
    type: "Error",
    values: [
      "ENOENT: no such file or directory, open '/data/17.json'",
      "EACCES: permission denied, open '/data/17.json'",
      "EISDIR: illegal operation on a directory, open '/data/17.json'",
    ],
  },
  {
    name: "Node.js: file calls",
    type: "Error",
    values: [
      "ENOENT: no such file or directory, open '/data/17.json'",
      "ENOENT: no such file or directory, unlink '/data/17.json'",
      "ENOENT: no such file or directory, scandir '/data/17.json'",
    ],
  },
  {
    name: "Node.js: argument names",
    type: "TypeError",
    values: [
      'The "path" argument must be of type string. Received undefined',
      'The "data" argument must be of type string. Received undefined',
    ],
  },
  {
    name: "Node.js: argument received",
    type: "TypeError",
    values: [
      'The "path" argument must be of type string. Received undefined',
      'The "path" argument must be of type string. Received null',
    ],
  },
  { name: "Node.js: spawned programs", type: "Error", values: ["spawn ffmpeg ENOENT", "spawn convert ENOENT"] },
  {
    name: "Node.js: exit codes",
    type: "Error",
    values: [
      "Command failed with exit code 1: node /srv/jobs/17.js",
      "Command failed with exit code 137: node /srv/jobs/17.js",
      "Command failed with exit code 139: node /srv/jobs/17.js",
    ],
  },
  {
    name: "Node.js: process codes",
    type: "Error",
    values: ["Process exited with code 1", "Process exited with code 2"],
  },
  {
    name: "Node.js: signals",
    type: "Error",
    values: ["Child was killed by signal 9", "Child was killed by signal 11"],
  },
  {
    name: "Node.js: certificates",
    type: "Error",
    values: ["certificate has expired", "self-signed certificate", "unable to verify the first certificate"],
  },
  {
    name: "Node.js: missing variable",
    type: "Error",
    values: ['Environment variable "DATABASE_URL" is not set', 'Environment variable "REDIS_URL" is not set'],
  },

  // HTTP
  {
    name: "axios status",
    type: "AxiosError",
    values: [
      "Request failed with status code 404",
      "Request failed with status code 500",
      "Request failed with status code 401",
    ],
  },
  { name: "HTTP status", type: "Error", values: ["HTTP 404", "HTTP 500", "HTTP 503"] },
  { name: "fetch status", type: "Error", values: ["HTTP error! status: 404", "HTTP error! status: 500"] },
  {
    name: "got status",
    type: "HTTPError",
    values: ["Response code 404 (Not Found)", "Response code 502 (Bad Gateway)"],
  },
  {
    name: "status equal to",
    type: "Error",
    values: [
      "Unexpected response: status=403 from https://api.example.com/orders/17",
      "Unexpected response: status=409 from https://api.example.com/orders/17",
    ],
  },
  {
    name: "status in JSON",
    type: "Error",
    values: ['Upstream said {"status":404,"path":"/orders/17"}', 'Upstream said {"status":422,"path":"/orders/17"}'],
  },
  {
    name: "proxy code",
    type: "Error",
    values: ["Received HTTP code 407 from proxy after CONNECT", "Received HTTP code 503 from proxy after CONNECT"],
  },
  {
    name: "requests status",
    type: "HTTPError",
    values: [
      "403 Client Error: Forbidden for url: https://api.example.com/orders/17",
      "404 Client Error: Not Found for url: https://api.example.com/orders/17",
      "500 Server Error: Internal Server Error for url: https://api.example.com/orders/17",
    ],
  },
  { name: "urllib status", type: "HTTPError", values: ["HTTP Error 403: Forbidden", "HTTP Error 404: Not Found"] },
  {
    name: "Java status",
    type: "java.io.IOException",
    values: [
      "Server returned HTTP response code: 401 for URL: https://api.example.com/orders/17",
      "Server returned HTTP response code: 503 for URL: https://api.example.com/orders/17",
    ],
  },
  {
    name: "language model codes",
    type: "APIStatusError",
    values: [
      "Error code: 401 - {'error': {'message': 'Request rejected'}}",
      "Error code: 429 - {'error': {'message': 'Request rejected'}}",
    ],
  },
  {
    name: "content types",
    type: "Error",
    values: [
      "Unsupported media type: application/json",
      "Unsupported media type: text/html",
      "Unsupported media type: image/png",
    ],
  },
  {
    name: "expected content",
    type: "Error",
    values: ["Expected application/json but received text/html", "Expected application/json but received text/plain"],
  },
  {
    name: "gRPC codes",
    type: "Error",
    values: ["14 UNAVAILABLE: Connection dropped", "13 INTERNAL: Connection dropped"],
  },
  {
    name: "curl codes",
    type: "GuzzleHttp\\Exception\\ConnectException",
    values: [
      "cURL error 7: Failed to connect to api.example.com port 443",
      "cURL error 28: Connection timed out after 10001 milliseconds",
      "cURL error 60: SSL certificate problem",
    ],
  },
  {
    name: "request methods",
    type: "Error",
    values: ["Method GET is not allowed for /orders/17", "Method DELETE is not allowed for /orders/17"],
  },

  // Python
  {
    name: "Python: attributes",
    type: "AttributeError",
    values: [
      "'NoneType' object has no attribute 'split'",
      "'NoneType' object has no attribute 'strip'",
      "'Order' object has no attribute 'split'",
    ],
  },
  {
    name: "Python: attribute types",
    type: "AttributeError",
    values: ["'list' object has no attribute 'items'", "'str' object has no attribute 'items'"],
  },
  { name: "Python: keys", type: "KeyError", values: ["'user_id'", "'name'", "'email'"] },
  { name: "Python: names", type: "NameError", values: ["name 'foo' is not defined", "name 'bar' is not defined"] },
  {
    name: "Python: modules",
    type: "ModuleNotFoundError",
    values: ["No module named 'yaml'", "No module named 'requests'", "No module named 'shop.models'"],
  },
  {
    name: "Python: imported names",
    type: "ImportError",
    values: [
      "cannot import name 'Order' from 'shop.models' (/app/shop/models.py)",
      "cannot import name 'Invoice' from 'shop.models' (/app/shop/models.py)",
    ],
  },
  {
    name: "Python: operands",
    type: "TypeError",
    values: [
      "unsupported operand type(s) for +: 'int' and 'str'",
      "unsupported operand type(s) for +: 'NoneType' and 'int'",
      "unsupported operand type(s) for -: 'int' and 'str'",
    ],
  },
  {
    name: "Python: keyword",
    type: "TypeError",
    values: [
      "__init__() got an unexpected keyword argument 'timeout'",
      "__init__() got an unexpected keyword argument 'proxies'",
    ],
  },
  {
    name: "Python: missing argument",
    type: "TypeError",
    values: [
      "order_view() missing 1 required positional argument: 'pk'",
      "order_view() missing 1 required positional argument: 'request'",
    ],
  },
  {
    name: "Python: subscript",
    type: "TypeError",
    values: [
      "'NoneType' object is not subscriptable",
      "'int' object is not subscriptable",
      "'method' object is not subscriptable",
    ],
  },
  {
    name: "Python: errno",
    type: "OSError",
    values: [
      "[Errno 13] Permission denied: '/data/17.json'",
      "[Errno 2] No such file or directory: '/data/17.json'",
      "[Errno 28] No space left on device: '/data/17.json'",
    ],
  },
  { name: "Python: errno alone", type: "OSError", values: ["[Errno 104] socket error", "[Errno 110] socket error"] },
  {
    name: "Python: Windows error",
    type: "OSError",
    values: [
      "[WinError 5] The process cannot access the file: 'C:\\data\\17.json'",
      "[WinError 32] The process cannot access the file: 'C:\\data\\17.json'",
    ],
  },
  {
    name: "Python: index of",
    type: "IndexError",
    values: ["list index out of range", "tuple index out of range", "string index out of range"],
  },
  {
    name: "Python: codecs",
    type: "UnicodeEncodeError",
    values: [
      "'ascii' codec can't encode character '\\u2019' in position 3: ordinal not in range(128)",
      "'latin-1' codec can't encode character '\\u2019' in position 3: ordinal not in range(256)",
      "'charmap' codec can't encode character '\\u2019' in position 3: character maps to <undefined>",
    ],
  },
  {
    name: "Python: decode reasons",
    type: "UnicodeDecodeError",
    values: [
      "'utf-8' codec can't decode byte 0xe9 in position 3: invalid start byte",
      "'utf-8' codec can't decode byte 0xe9 in position 3: invalid continuation byte",
      "'utf-8' codec can't decode byte 0xe9 in position 3: unexpected end of data",
    ],
  },
  {
    name: "Python: enumerations",
    type: "ValueError",
    values: ["'purple' is not a valid Color", "'purple' is not a valid Size"],
  },
  {
    name: "Python: Django, matching",
    type: "DoesNotExist",
    values: ["Order matching query does not exist.", "User matching query does not exist."],
  },
  {
    name: "Python: Django, fields",
    type: "ValueError",
    values: ["Field 'id' expected a number but got 'abc'.", "Field 'owner' expected a number but got 'abc'."],
  },
  {
    name: "Python: Django, reverse",
    type: "NoReverseMatch",
    values: [
      "Reverse for 'order-detail' not found. 'order-detail' is not a valid view function or pattern name.",
      "Reverse for 'order-list' not found. 'order-list' is not a valid view function or pattern name.",
    ],
  },
  {
    name: "Python: Django, templates",
    type: "TemplateSyntaxError",
    values: [
      "Invalid block tag on line 17: 'endfor'. Did you forget to register or load this tag?",
      "Invalid block tag on line 17: 'trans'. Did you forget to register or load this tag?",
    ],
  },
  {
    name: "Python: retry reasons",
    type: "ConnectionError",
    values: [
      "HTTPSConnectionPool(host='api.example.com', port=443): Max retries exceeded with url: /orders/17 (Caused by NewConnectionError('<urllib3.connection.HTTPSConnection object at 0x7f8a1c0b2d90>: Failed to establish a new connection: [Errno 111] Connection refused'))",
      "HTTPSConnectionPool(host='api.example.com', port=443): Max retries exceeded with url: /orders/17 (Caused by NewConnectionError('<urllib3.connection.HTTPSConnection object at 0x7f8a1c0b2d90>: Failed to establish a new connection: [Errno 101] Network is unreachable'))",
    ],
  },
  {
    name: "Python: worker signals",
    type: "WorkerLostError",
    values: [
      "Worker exited prematurely: signal 9 (SIGKILL) Job: 17.",
      "Worker exited prematurely: signal 11 (SIGSEGV) Job: 17.",
    ],
  },
  {
    name: "Python: data types",
    type: "MemoryError",
    values: [
      "Unable to allocate 1.49 GiB for an array with shape (20000, 10000) and data type float64",
      "Unable to allocate 1.49 GiB for an array with shape (20000, 10000) and data type float32",
      "Unable to allocate 1.49 GiB for an array with shape (20000, 10000) and data type int64",
    ],
  },

  // Ruby
  {
    name: "Ruby: methods on nil",
    type: "NoMethodError",
    values: ["undefined method 'name' for nil", "undefined method 'email' for nil"],
  },
  {
    name: "Ruby: methods on nil, old quotes",
    type: "NoMethodError",
    values: ["undefined method `name' for nil:NilClass", "undefined method `email' for nil:NilClass"],
  },
  {
    name: "Ruby: constants",
    type: "NameError",
    values: ["uninitialized constant OrdersController", "uninitialized constant Shop::Invoice"],
  },
  {
    name: "Ruby: records",
    type: "ActiveRecord::RecordNotFound",
    values: [
      "Couldn't find User with 'id'=17",
      "Couldn't find Order with 'id'=17",
      "Couldn't find User with 'slug'=17",
    ],
  },
  {
    name: "Ruby: parameters",
    type: "ActionController::ParameterMissing",
    values: ["param is missing or the value is empty: order", "param is missing or the value is empty: user"],
  },
  {
    name: "Ruby: keys",
    type: "KeyError",
    values: ['key not found: "DATABASE_URL"', 'key not found: "SECRET_KEY_BASE"'],
  },

  // Java
  {
    name: "Java: null calls",
    type: "java.lang.NullPointerException",
    values: [
      'Cannot invoke "com.acme.User.getName()" because "user" is null',
      'Cannot invoke "com.acme.User.getEmail()" because "user" is null',
      'Cannot invoke "com.acme.User.getName()" because "owner" is null',
    ],
  },
  {
    name: "Java: null fields",
    type: "java.lang.NullPointerException",
    values: ['Cannot read field "total" because "order" is null', 'Cannot read field "owner" because "order" is null'],
  },
  {
    name: "Java: casts",
    type: "java.lang.ClassCastException",
    values: [
      "class java.lang.String cannot be cast to class java.lang.Integer (java.lang.String and java.lang.Integer are in module java.base of loader 'bootstrap')",
      "class java.lang.String cannot be cast to class java.lang.Long (java.lang.String and java.lang.Long are in module java.base of loader 'bootstrap')",
    ],
  },
  {
    name: "Java: memory",
    type: "java.lang.OutOfMemoryError",
    values: ["Java heap space", "Metaspace", "GC overhead limit exceeded"],
  },
  {
    name: "Java: Spring, methods",
    type: "HttpRequestMethodNotSupportedException",
    values: ["Request method 'POST' is not supported", "Request method 'PUT' is not supported"],
  },
  {
    name: "Java: Spring, parameters",
    type: "MissingServletRequestParameterException",
    values: [
      "Required request parameter 'page' for method parameter type int is not present",
      "Required request parameter 'size' for method parameter type int is not present",
    ],
  },
  {
    name: "Java: Spring, content types",
    type: "HttpMediaTypeNotSupportedException",
    values: ["Content-Type 'text/plain' is not supported", "Content-Type 'application/xml' is not supported"],
  },
  {
    name: "Java: Spring, beans",
    type: "NoSuchBeanDefinitionException",
    values: [
      "No qualifying bean of type 'com.acme.OrderService' available",
      "No qualifying bean of type 'com.acme.MailService' available",
    ],
  },
  {
    name: "Java: Jackson, fields",
    type: "UnrecognizedPropertyException",
    values: [
      'Unrecognized field "colour" (class com.acme.Order), not marked as ignorable',
      'Unrecognized field "vat" (class com.acme.Order), not marked as ignorable',
    ],
  },
  {
    name: "Java: Hibernate, constraints",
    type: "ConstraintViolationException",
    values: [
      "could not execute statement; SQL [n/a]; constraint [uk_users_email]",
      "could not execute statement; SQL [n/a]; constraint [uk_users_name]",
    ],
  },
  {
    name: "Java: Kafka, topics",
    type: "TimeoutException",
    values: [
      "Topic orders not present in metadata after 60000 ms.",
      "Topic payments not present in metadata after 60000 ms.",
    ],
  },
  {
    name: "Java: I/O reasons",
    type: "ResourceAccessException",
    values: [
      'I/O error on GET request for "https://api.example.com/orders/17": Read timed out',
      'I/O error on GET request for "https://api.example.com/orders/17": Connection reset',
    ],
  },

  // Go
  {
    name: "Go: dial reasons",
    type: "*net.OpError",
    values: [
      "dial tcp 10.0.0.5:5432: connect: connection refused",
      "dial tcp 10.0.0.5:5432: connect: no route to host",
      "dial tcp 10.0.0.5:5432: i/o timeout",
    ],
  },
  {
    name: "Go: conversions",
    type: "*strconv.NumError",
    values: [
      'strconv.Atoi: parsing "abc": invalid syntax',
      'strconv.ParseFloat: parsing "abc": invalid syntax',
      'strconv.Atoi: parsing "99999999999999999999": value out of range',
    ],
  },
  {
    name: "Go: interface kinds",
    type: "*runtime.TypeAssertionError",
    values: [
      "interface conversion: interface {} is float64, not int64",
      "interface conversion: interface {} is float64, not int32",
      "interface conversion: interface {} is string, not int64",
    ],
  },
  {
    name: "Go: JSON fields",
    type: "*json.UnmarshalTypeError",
    values: [
      "json: cannot unmarshal string into Go struct field Order.total of type float64",
      "json: cannot unmarshal string into Go struct field Order.count of type float64",
    ],
  },
  {
    name: "Go: scan names",
    type: "*errors.errorString",
    values: [
      'sql: Scan error on column index 2, name "email": converting NULL to string is unsupported',
      'sql: Scan error on column index 2, name "phone": converting NULL to string is unsupported',
    ],
  },
  {
    name: "Go: GOAWAY codes",
    type: "http2.GoAwayError",
    values: [
      'http2: server sent GOAWAY and closed the connection; LastStreamID=7, ErrCode=NO_ERROR, debug=""',
      'http2: server sent GOAWAY and closed the connection; LastStreamID=7, ErrCode=ENHANCE_YOUR_CALM, debug=""',
    ],
  },
  { name: "Go: exit status", type: "*exec.ExitError", values: ["exit status 1", "exit status 2", "exit status 127"] },
  {
    name: "Go: RPC codes",
    type: "*status.Error",
    values: [
      "rpc error: code = Unavailable desc = upstream failed",
      "rpc error: code = DeadlineExceeded desc = upstream failed",
    ],
  },
  {
    name: "Go: certificate reasons",
    type: "*tls.CertificateVerificationError",
    values: [
      "x509: certificate signed by unknown authority",
      "x509: certificate is valid for www.example.org, not api.example.com",
      "x509: certificate relies on legacy Common Name field, use SANs instead",
    ],
  },

  // PHP
  {
    name: "PHP: array keys",
    type: "ErrorException",
    values: ['Undefined array key "email"', 'Undefined array key "name"'],
  },
  { name: "PHP: variables", type: "ErrorException", values: ["Undefined variable $order", "Undefined variable $user"] },
  {
    name: "PHP: members on null",
    type: "Error",
    values: ["Call to a member function save() on null", "Call to a member function delete() on null"],
  },
  {
    name: "PHP: classes",
    type: "Error",
    values: ['Class "App\\Models\\Ordr" not found', 'Class "App\\Models\\Invoic" not found'],
  },
  {
    name: "PHP: models",
    type: "Illuminate\\Database\\Eloquent\\ModelNotFoundException",
    values: ["No query results for model [App\\Models\\User] 17", "No query results for model [App\\Models\\Order] 17"],
  },
  {
    name: "PHP: SQLSTATE",
    type: "PDOException",
    values: [
      "SQLSTATE[42S02]: Base table or view not found: 1146 Table 'shop.orders' doesn't exist",
      "SQLSTATE[42S22]: Column not found: 1054 Unknown column 'total' in 'field list'",
    ],
  },
  {
    name: "PHP: driver codes",
    type: "PDOException",
    values: [
      "SQLSTATE[HY000] [1045] Connection failed",
      "SQLSTATE[HY000] [2002] Connection failed",
      "SQLSTATE[HY000] [2006] Connection failed",
    ],
  },

  // .NET
  {
    name: ".NET: keys",
    type: "System.Collections.Generic.KeyNotFoundException",
    values: [
      "The given key 'ConnectionString' was not present in the dictionary.",
      "The given key 'Region' was not present in the dictionary.",
    ],
  },
  {
    name: ".NET: casts",
    type: "System.InvalidCastException",
    values: [
      "Unable to cast object of type 'System.String' to type 'System.Int32'.",
      "Unable to cast object of type 'System.String' to type 'System.Int64'.",
      "Unable to cast object of type 'System.String' to type 'System.DateTime'.",
    ],
  },
  {
    name: ".NET: null columns",
    type: "Microsoft.Data.SqlClient.SqlException",
    values: [
      "Cannot insert the value NULL into column 'Name', table 'Shop.dbo.Users'; column does not allow nulls. INSERT fails.",
      "Cannot insert the value NULL into column 'Email', table 'Shop.dbo.Users'; column does not allow nulls. INSERT fails.",
    ],
  },
  {
    name: ".NET: objects",
    type: "Microsoft.Data.SqlClient.SqlException",
    values: ["Invalid object name 'dbo.Users'.", "Invalid object name 'dbo.Orders'."],
  },
  {
    name: ".NET: parameters",
    type: "System.ArgumentNullException",
    values: ["Value cannot be null. (Parameter 'source')", "Value cannot be null. (Parameter 'connectionString')"],
  },
  {
    name: ".NET: assemblies",
    type: "System.IO.FileNotFoundException",
    values: [
      "Could not load file or assembly 'Newtonsoft.Json, Version=13.0.0.0, Culture=neutral, PublicKeyToken=30ad4fe6b2a6aeed'.",
      "Could not load file or assembly 'Serilog, Version=2.0.0.0, Culture=neutral, PublicKeyToken=24c2f752a8e58a10'.",
    ],
  },
  {
    name: ".NET: services",
    type: "System.InvalidOperationException",
    values: [
      "Unable to resolve service for type 'Acme.IMailer' while attempting to activate 'Acme.OrderController'.",
      "Unable to resolve service for type 'Acme.IClock' while attempting to activate 'Acme.OrderController'.",
    ],
  },
  {
    name: ".NET: HRESULT",
    type: "System.Runtime.InteropServices.COMException",
    values: ["Exception from HRESULT: 0x80070005", "Exception from HRESULT: 0x8007000E"],
  },
  {
    name: ".NET: NT status",
    type: "Error",
    values: ["Process exited with code 0xC0000005", "Process exited with code 0xC0000409"],
  },

  // Rust
  {
    name: "Rust: unwrap",
    type: "panic",
    values: [
      "called `Option::unwrap()` on a `None` value",
      "called `Result::unwrap()` on an `Err` value: ParseIntError { kind: InvalidDigit }",
      "called `Result::unwrap()` on an `Err` value: ParseIntError { kind: Empty }",
    ],
  },
  {
    name: "Rust: OS codes",
    type: "std::io::Error",
    values: ["Cannot open the file (os error 2)", "Cannot open the file (os error 13)"],
  },
  {
    name: "Rust: fields",
    type: "serde_json::Error",
    values: ["missing field `total` at line 1 column 42", "missing field `owner` at line 1 column 42"],
  },

  // Databases
  {
    name: "not-null columns",
    type: "error",
    values: [
      'null value in column "email" of relation "users" violates not-null constraint',
      'null value in column "name" of relation "users" violates not-null constraint',
    ],
  },
  {
    name: "not-null columns, old",
    type: "error",
    values: ['column "email" violates not-null constraint', 'column "name" violates not-null constraint'],
  },
  { name: "relations", type: "error", values: ['relation "users" does not exist', 'relation "orders" does not exist'] },
  {
    name: "unique constraints",
    type: "error",
    values: [
      'duplicate key value violates unique constraint "users_email_key"',
      'duplicate key value violates unique constraint "orders_number_key"',
    ],
  },
  {
    name: "foreign keys",
    type: "error",
    values: [
      'insert or update on table "orders" violates foreign key constraint "orders_user_id_fkey"',
      'insert or update on table "orders" violates foreign key constraint "orders_shop_id_fkey"',
    ],
  },
  { name: "syntax", type: "error", values: ['syntax error at or near "FROM"', 'syntax error at or near "WHERE"'] },
  {
    name: "input types",
    type: "error",
    values: [
      'invalid input syntax for type integer: "abc"',
      'invalid input syntax for type uuid: "abc"',
      'invalid input syntax for type json: "abc"',
    ],
  },
  {
    name: "column of a table",
    type: "error",
    values: ["column orders.totl does not exist", "column orders.ownr does not exist"],
  },
  {
    name: "SQLSTATE in brackets",
    type: "error",
    values: [
      "statement failed (SQLSTATE 23505)",
      "statement failed (SQLSTATE 23503)",
      "statement failed (SQLSTATE 40001)",
    ],
  },
  {
    name: "MySQL codes",
    type: "Error",
    values: ["Error 1062 (23000): statement failed", "Error 1045 (28000): statement failed"],
  },
  { name: "MySQL code alone", type: "Error", values: ["Error 1062 from the server", "Error 1045 from the server"] },
  {
    name: "MySQL columns",
    type: "Error",
    values: [
      "Unknown column 'totl' in 'field list'",
      "Unknown column 'ownr' in 'field list'",
      "Unknown column 'totl' in 'where clause'",
    ],
  },
  {
    name: "MySQL tables",
    type: "Error",
    values: ["Table 'shop.users' doesn't exist", "Table 'shop.orders' doesn't exist"],
  },
  {
    name: "MySQL long data",
    type: "Error",
    values: ["Data too long for column 'title' at row 1", "Data too long for column 'body' at row 1"],
  },
  {
    name: "MySQL keys",
    type: "Error",
    values: ["Duplicate entry 'ann' for key 'users.username'", "Duplicate entry 'ann' for key 'users.nickname'"],
  },
  {
    name: "MySQL password",
    type: "Error",
    values: [
      "Access denied for user 'app'@'10.0.0.5' (using password: YES)",
      "Access denied for user 'app'@'10.0.0.5' (using password: NO)",
    ],
  },
  {
    name: "Oracle codes",
    type: "oracledb.DatabaseError",
    values: [
      "ORA-00942: table or view does not exist",
      "ORA-00001: unique constraint (SHOP.USERS_EMAIL_UK) violated",
      "ORA-12541: TNS:no listener",
    ],
  },
  {
    name: "Oracle code alone",
    type: "java.sql.SQLException",
    values: ["Batch failed: ORA-00942", "Batch failed: ORA-00001"],
  },
  {
    name: "Oracle columns",
    type: "oracledb.DatabaseError",
    values: [
      'ORA-01400: cannot insert NULL into ("SHOP"."USERS"."EMAIL")',
      'ORA-01400: cannot insert NULL into ("SHOP"."USERS"."NAME")',
    ],
  },
  {
    name: "DB2 codes",
    type: "com.ibm.db2.jcc.am.SqlException",
    values: [
      "DB2 SQL Error: SQLCODE=-803, SQLSTATE=23505, DRIVER=4.26.14",
      "DB2 SQL Error: SQLCODE=-204, SQLSTATE=42704, DRIVER=4.26.14",
    ],
  },
  {
    name: "SQLite constraints",
    type: "SqliteError",
    values: [
      "UNIQUE constraint failed: users.email",
      "UNIQUE constraint failed: users.name",
      "NOT NULL constraint failed: users.email",
    ],
  },
  {
    name: "SQLite tables",
    type: "SqliteError",
    values: ["no such table: users", "no such table: orders", "no such column: users"],
  },
  { name: "SQLite syntax", type: "SqliteError", values: ['near "FORM": syntax error', 'near "WEHRE": syntax error'] },
  {
    name: "MongoDB indexes",
    type: "MongoServerError",
    values: [
      'E11000 duplicate key error collection: shop.users index: email_1 dup key: { email: "ann@example.com" }',
      'E11000 duplicate key error collection: shop.users index: phone_1 dup key: { phone: "ann@example.com" }',
    ],
  },
  {
    name: "Mongoose paths",
    type: "CastError",
    values: [
      'Cast to ObjectId failed for value "abc" (type string) at path "_id" for model "User"',
      'Cast to ObjectId failed for value "abc" (type string) at path "owner" for model "User"',
      'Cast to ObjectId failed for value "abc" (type string) at path "_id" for model "Order"',
    ],
  },
  {
    name: "Mongoose required",
    type: "ValidationError",
    values: [
      "Order validation failed: total: Path `total` is required.",
      "Order validation failed: owner: Path `owner` is required.",
    ],
  },
  {
    name: "Redis replies",
    type: "ReplyError",
    values: [
      "WRONGTYPE Operation against a key holding the wrong kind of value",
      "OOM command not allowed when used memory > 'maxmemory'.",
      "NOAUTH Authentication required.",
    ],
  },
  {
    name: "Redis commands",
    type: "ReplyError",
    values: ["ERR wrong number of arguments for 'hset' command", "ERR wrong number of arguments for 'expire' command"],
  },
  {
    name: "Prisma codes",
    type: "PrismaClientKnownRequestError",
    values: ["Query failed with P2002", "Query failed with P2025"],
  },
  {
    name: "Prisma fields",
    type: "PrismaClientKnownRequestError",
    values: [
      "\nInvalid `prisma.user.create()` invocation:\n\n\nUnique constraint failed on the fields: (`email`)",
      "\nInvalid `prisma.user.create()` invocation:\n\n\nUnique constraint failed on the fields: (`name`)",
    ],
  },
  {
    name: "Prisma calls",
    type: "PrismaClientKnownRequestError",
    values: [
      "\nInvalid `prisma.user.update()` invocation:\n\n\nRecord to update not found.",
      "\nInvalid `prisma.order.update()` invocation:\n\n\nRecord to update not found.",
    ],
  },
  {
    name: "Elasticsearch exceptions",
    type: "ResponseError",
    values: ["index_not_found_exception: no such index [orders]", "index_closed_exception: closed [orders]"],
  },

  // Cloud
  {
    name: "AWS codes",
    type: "ClientError",
    values: [
      "An error occurred (AccessDenied) when calling the PutObject operation: rejected",
      "An error occurred (SlowDown) when calling the PutObject operation: rejected",
    ],
  },
  {
    name: "AWS operations",
    type: "ClientError",
    values: [
      "An error occurred (AccessDenied) when calling the PutObject operation: Access Denied",
      "An error occurred (AccessDenied) when calling the GetObject operation: Access Denied",
    ],
  },
  {
    name: "AWS actions",
    type: "ClientError",
    values: [
      "User: arn:aws:iam::123456789012:user/app is not authorized to perform: s3:GetObject",
      "User: arn:aws:iam::123456789012:user/app is not authorized to perform: s3:PutObject",
      "User: arn:aws:iam::123456789012:user/app is not authorized to perform: sqs:SendMessage",
    ],
  },
  {
    name: "S3 status",
    type: "AmazonS3Exception",
    values: [
      "The request failed (Service: Amazon S3; Status Code: 404; Request ID: 4442587FB7D0A2F9)",
      "The request failed (Service: Amazon S3; Status Code: 503; Request ID: 9E1AC07B3D5F4482)",
    ],
  },
  { name: "Kubernetes kinds", type: "ApiException", values: ['configmaps "app" not found', 'secrets "app" not found'] },
  {
    name: "nginx reasons",
    type: "error",
    values: [
      "connect() failed (111: Connection refused) while connecting to upstream, client: 203.0.113.7",
      "connect() failed (113: No route to host) while connecting to upstream, client: 203.0.113.7",
    ],
  },
  {
    name: "Stripe objects",
    type: "StripeInvalidRequestError",
    values: ["No such customer: 'cus_NffrFeUfNV2Hib'", "No such price: 'price_1MoBy5LkdIwHu7ix'"],
  },
  { name: "JWT", type: "JsonWebTokenError", values: ["jwt expired", "jwt malformed", "invalid signature"] },
  {
    name: "SMTP codes",
    type: "Error",
    values: ["The recipients were rejected. SMTP code: 550", "The recipients were rejected. SMTP code: 421"],
  },
  {
    name: "SMTP login",
    type: "Error",
    values: [
      "Invalid login: 535-5.7.8 Username and Password not accepted",
      "Invalid login: 534-5.7.9 Application-specific password required",
    ],
  },

  // Words that only look like data
  {
    name: "encodings",
    type: "Error",
    values: ["Unsupported encoding utf8", "Unsupported encoding utf16", "Unsupported encoding latin1"],
  },
  {
    name: "encodings with a hyphen",
    type: "Error",
    values: ["Invalid UTF-8 sequence at byte 17", "Invalid UTF-16 sequence at byte 17"],
  },
  {
    name: "digests",
    type: "Error",
    values: ["Digest sha1 is not allowed", "Digest sha256 is not allowed", "Digest md5 is not allowed"],
  },
  {
    name: "internet protocols",
    type: "Error",
    values: ["No ipv4 route to the gateway", "No ipv6 route to the gateway"],
  },
  {
    name: "integer kinds",
    type: "OverflowError",
    values: [
      "Value 99999999999 does not fit int32",
      "Value 99999999999 does not fit int64",
      "Value 99999999999 does not fit uint8",
    ],
  },
  { name: "protocols", type: "Error", values: ["http2 stream was reset", "http3 stream was reset"] },
  {
    name: "key kinds",
    type: "Error",
    values: ["Cannot parse x509 key", "Cannot parse ed25519 key", "Cannot parse p256 key"],
  },
  { name: "percentiles", type: "Error", values: ["Latency p95 is above 250ms", "Latency p99 is above 250ms"] },
  { name: "media", type: "Error", values: ["Cannot decode mp3 stream", "Cannot decode mp4 stream"] },
  { name: "bases", type: "Error", values: ["Invalid base64 input at 17", "Invalid base32 input at 17"] },
  {
    name: "services",
    type: "Error",
    values: ["S3 is unavailable since 2024-01-02T03:04:05Z", "EC2 is unavailable since 2024-01-02T03:04:05Z"],
  },
  {
    name: "contractions",
    type: "Error",
    values: ["User's cart doesn't contain item 17", "User's cart doesn't accept item 17"],
  },
  {
    name: "plural possessive",
    type: "Error",
    values: [
      "Couldn't load customers' orders: cache wasn't warm",
      "Couldn't load customers' invoices: cache wasn't warm",
    ],
  },
  {
    name: "between contractions",
    type: "Error",
    values: ["Can't open the drawer and won't retry", "Can't close the drawer and won't retry"],
  },
  { name: "and/or", type: "Error", values: ["Missing name and/or email", "Missing name and/or phone"] },
  { name: "read/write", type: "Error", values: ["Volume is not read/write", "Volume is not read/execute"] },
  { name: "not available", type: "Error", values: ["Price N/A for product 17", "Stock N/A for product 17"] },
  {
    name: "inch mark",
    type: "Error",
    values: ['Pipe of 5" does not fit the frame', 'Pipe of 5" does not fit the door'],
  },
  {
    name: "unbalanced quote",
    type: "Error",
    values: ["Parser stopped at ' while reading a key", "Parser stopped at ' while reading a value"],
  },
  { name: "negated", type: "Error", values: ["Order 17 is paid", "Order 17 is not paid"] },
  {
    name: "reasons after a path",
    type: "Error",
    values: [
      "Cannot write /var/lib/app/17.db: No space left on device",
      "Cannot write /var/lib/app/17.db: Read-only file system",
    ],
  },
  {
    name: "reasons after an address",
    type: "Error",
    values: [
      "Request to https://api.example.com/orders/17 was aborted",
      "Request to https://api.example.com/orders/17 was redirected",
    ],
  },
  {
    name: "second lines",
    type: "Error",
    values: ["Deployment failed\nReason: quota exceeded", "Deployment failed\nReason: image not found"],
  },
  {
    name: "after blank lines",
    type: "Error",
    values: ["\n\nJob 17 crashed in the reader", "\n\nJob 17 crashed in the writer"],
  },
  {
    name: "data at the ends",
    type: "Error",
    values: ["17 items were skipped by 10.0.0.5", "17 items were rejected by 10.0.0.5"],
  },
  // Collected after the steps were made
  {
    name: "HTTP statuses of fetch wrappers",
    type: "HTTPError",
    values: [
      "Request failed with status code 401 Unauthorized: GET https://a.test/x",
      "Request failed with status code 403 Forbidden: GET https://a.test/x",
      "Request failed with status code 429 Too Many Requests: GET https://a.test/x",
    ],
  },
  {
    name: "ky",
    type: "HTTPError",
    values: [
      "Request failed with status code 502: POST https://a.test/orders",
      "Request failed with status code 503: POST https://a.test/orders",
    ],
  },
  {
    name: "got",
    type: "HTTPError",
    values: [
      "Response code 404 (Not Found)",
      "Response code 500 (Internal Server Error)",
      "Response code 503 (Service Unavailable)",
    ],
  },
  {
    name: "Python requests",
    type: "HTTPError",
    values: [
      "404 Client Error: Not Found for url: https://a.test/1",
      "410 Client Error: Gone for url: https://a.test/1",
      "500 Server Error: Internal Server Error for url: https://a.test/1",
    ],
  },
  {
    name: "urllib",
    type: "HTTPError",
    values: ["HTTP Error 404: Not Found", "HTTP Error 403: Forbidden", "HTTP Error 502: Bad Gateway"],
  },
  {
    name: "Go statuses",
    type: "*errors.errorString",
    values: [
      "unexpected status code: 404",
      "unexpected status code: 500",
      "unexpected status: 503 Service Unavailable",
    ],
  },
  {
    name: ".NET HttpClient",
    type: "HttpRequestException",
    values: [
      "Response status code does not indicate success: 404 (Not Found).",
      "Response status code does not indicate success: 500 (Internal Server Error).",
      "Response status code does not indicate success: 401 (Unauthorized).",
    ],
  },
  {
    name: "Spring",
    type: "HttpClientErrorException",
    values: ['404 Not Found: "{"error":"x"}"', '409 Conflict: "{"error":"x"}"', "404 : [no body]", "422 : [no body]"],
  },
  {
    name: "Java IOException",
    type: "IOException",
    values: [
      "Server returned HTTP response code: 403 for URL: https://a.test/x",
      "Server returned HTTP response code: 500 for URL: https://a.test/x",
    ],
  },
  {
    name: "WebClient",
    type: "WebClientResponseException",
    values: ["503 Service Unavailable from GET https://a.test/x", "504 Gateway Timeout from GET https://a.test/x"],
  },
  {
    name: "Guzzle",
    type: "ClientException",
    values: [
      "Client error: `GET https://a.test/x` resulted in a `404 Not Found` response",
      "Client error: `GET https://a.test/x` resulted in a `403 Forbidden` response",
    ],
  },
  {
    name: "Faraday",
    type: "Faraday::ClientError",
    values: ["the server responded with status 404", "the server responded with status 422"],
  },
  { name: "RestClient", type: "RestClient::Exception", values: ["404 Resource Not Found", "400 Bad Request"] },
  {
    name: "aiohttp",
    type: "ClientResponseError",
    values: [
      "404, message='Not Found', url='https://a.test/x'",
      "500, message='Internal Server Error', url='https://a.test/x'",
    ],
  },
  {
    name: "websocket statuses",
    type: "Error",
    values: ["Unexpected server response: 401", "Unexpected server response: 502"],
  },
  {
    name: "Alamofire",
    type: "AFError",
    values: ["Response status code was unacceptable: 404.", "Response status code was unacceptable: 500."],
  },
  { name: "Retrofit", type: "HttpException", values: ["HTTP 404 ", "HTTP 500 ", "HTTP 401 Unauthorized"] },
  {
    name: "nginx log of statuses",
    type: "access",
    values: ["upstream returned 502 for api", "upstream returned 504 for api"],
  },
  {
    name: "S3 statuses",
    type: "ClientError",
    values: [
      "An error occurred (404) when calling the HeadObject operation: Not Found",
      "An error occurred (403) when calling the HeadObject operation: Forbidden",
    ],
  },
  {
    name: "boto codes",
    type: "ClientError",
    values: [
      "An error occurred (NoSuchBucket) when calling the GetObject operation: The specified bucket does not exist",
      "An error occurred (AccessDenied) when calling the GetObject operation: Access Denied",
    ],
  },
  {
    name: "boto operations",
    type: "ClientError",
    values: [
      "An error occurred (AccessDenied) when calling the GetObject operation: Access Denied",
      "An error occurred (AccessDenied) when calling the PutObject operation: Access Denied",
    ],
  },
  {
    name: "exit codes",
    type: "Error",
    values: [
      "Command failed with exit code 1: npm run build",
      "Command failed with exit code 2: npm run build",
      "Command failed with exit code 137: npm run build",
    ],
  },
  { name: "Go exit status", type: "*exec.ExitError", values: ["exit status 1", "exit status 2", "exit status 127"] },
  {
    name: "signals",
    type: "Error",
    values: ["process exited on signal 9", "process exited on signal 15", "process exited on signal 11"],
  },
  { name: "npm lifecycle", type: "Error", values: ["Process exited with code 134", "Process exited with code 139"] },
  {
    name: "Docker exit",
    type: "Error",
    values: ["container exited with status 137", "container exited with status 1"],
  },
  {
    name: "errno in Python",
    type: "OSError",
    values: [
      "[Errno 2] No such file or directory: 'a'",
      "[Errno 13] Permission denied: 'a'",
      "[Errno 24] Too many open files: 'a'",
    ],
  },
  {
    name: "errno in parentheses",
    type: "psycopg2.OperationalError",
    values: ["could not connect to server: error (111)", "could not connect to server: error (113)"],
  },
  {
    name: "WinError",
    type: "OSError",
    values: [
      "[WinError 5] Access is denied",
      "[WinError 32] The process cannot access the file",
      "[WinError 10061] No connection could be made because the target machine actively refused it",
    ],
  },
  { name: "WinError alone", type: "OSError", values: ["WinError 5", "WinError 32"] },
  { name: "os error of Rust", type: "Error", values: ["(os error 2)", "(os error 13)"] },
  {
    name: "HRESULT",
    type: "COMException",
    values: ["Exception from HRESULT: 0x80070005", "Exception from HRESULT: 0x80004005"],
  },
  {
    name: "Windows exception codes",
    type: "Fatal Error",
    values: ["EXCEPTION_ACCESS_VIOLATION_READ / 0x10", "EXCEPTION_ACCESS_VIOLATION_WRITE / 0x10"],
  },
  {
    name: "MySQL errors",
    type: "OperationalError",
    values: [
      "(2006, 'MySQL server has gone away')",
      "(2013, 'Lost connection to MySQL server during query')",
      "(1205, 'Lock wait timeout exceeded; try restarting transaction')",
    ],
  },
  {
    name: "MySQL numbers",
    type: "Error",
    values: ["ERROR 1045 (28000): Access denied", "ERROR 1049 (42000): Access denied"],
  },
  { name: "Oracle codes: more", type: "DatabaseError", values: ["ORA-00942", "ORA-01017", "ORA-12541"] },
  {
    name: "SQL Server numbers",
    type: "SqlException",
    values: [
      "Msg 208, Level 16, State 1, Line 1\nInvalid object name 'a'.",
      "Msg 102, Level 15, State 1, Line 1\nIncorrect syntax near 'a'.",
    ],
  },
  {
    name: "Db2",
    type: "SqlException",
    values: [
      "DB2 SQL Error: SQLCODE=-204, SQLSTATE=42704, SQLERRMC=A.B",
      "DB2 SQL Error: SQLCODE=-803, SQLSTATE=23505, SQLERRMC=A.B",
    ],
  },
  {
    name: "PDO",
    type: "PDOException",
    values: [
      "SQLSTATE[HY000] [2002] Connection refused",
      "SQLSTATE[HY000] [1045] Access denied for user 'a'@'b' (using password: YES)",
    ],
  },
  {
    name: "Prisma codes: more",
    type: "PrismaClientKnownRequestError",
    values: ["P2002: Unique constraint failed on the fields: (`email`)", "P2025: Record to update not found."],
  },
  {
    name: "Prisma fields: more",
    type: "PrismaClientKnownRequestError",
    values: ["Unique constraint failed on the fields: (`email`)", "Unique constraint failed on the fields: (`name`)"],
  },
  {
    name: "PostgreSQL constraints",
    type: "UniqueViolation",
    values: [
      'duplicate key value violates unique constraint "users_email_key"',
      'duplicate key value violates unique constraint "orders_pkey"',
    ],
  },
  {
    name: "PostgreSQL columns",
    type: "UndefinedColumn",
    values: ['column "emial" does not exist', 'column "nmae" does not exist'],
  },
  {
    name: "PostgreSQL columns of tables",
    type: "UndefinedColumn",
    values: ["column u.emial does not exist", "column o.total does not exist"],
  },
  {
    name: "PostgreSQL relations",
    type: "UndefinedTable",
    values: ['relation "orders" does not exist', 'relation "users" does not exist'],
  },
  {
    name: "PostgreSQL nulls",
    type: "NotNullViolation",
    values: [
      'null value in column "email" of relation "users" violates not-null constraint',
      'null value in column "name" of relation "users" violates not-null constraint',
      'null value in column "email" of relation "customers" violates not-null constraint',
    ],
  },
  {
    name: "MySQL columns: more",
    type: "OperationalError",
    values: [
      "Unknown column 'emial' in 'field list'",
      "Unknown column 'nmae' in 'field list'",
      "Unknown column 'nmae' in 'where clause'",
    ],
  },
  {
    name: "MySQL tables: more",
    type: "OperationalError",
    values: ["Table 'shop.orders' doesn't exist", "Table 'shop.users' doesn't exist"],
  },
  {
    name: "MySQL defaults",
    type: "OperationalError",
    values: ["Field 'email' doesn't have a default value", "Field 'name' doesn't have a default value"],
  },
  {
    name: "SQLite",
    type: "OperationalError",
    values: ["no such column: emial", "no such column: nmae", "no such table: orders", "no such table: users"],
  },
  {
    name: "SQLite constraints: more",
    type: "IntegrityError",
    values: [
      "UNIQUE constraint failed: users.email",
      "UNIQUE constraint failed: users.name",
      "NOT NULL constraint failed: users.name",
    ],
  },
  {
    name: "MongoDB operators",
    type: "MongoServerError",
    values: ["unknown operator: $foo", "unknown operator: $bar", "unknown top level operator: $in"],
  },
  {
    name: "Redis commands: more",
    type: "ReplyError",
    values: ["ERR unknown command 'FOO'", "ERR unknown command 'JSON.SET'"],
  },
  {
    name: "Redis arguments",
    type: "ReplyError",
    values: ["ERR wrong number of arguments for 'get' command", "ERR wrong number of arguments for 'hset' command"],
  },
  {
    name: "Chrome properties",
    type: "TypeError",
    values: [
      "Cannot read properties of undefined (reading 'id')",
      "Cannot read properties of undefined (reading '0')",
      "Cannot read properties of null (reading 'id')",
      "Cannot set properties of undefined (setting 'id')",
    ],
  },
  {
    name: "Firefox properties",
    type: "TypeError",
    values: [
      'can\'t access property "id", order is undefined',
      'can\'t access property "id", user is undefined',
      'can\'t access property "total", order is undefined',
    ],
  },
  {
    name: "Safari properties",
    type: "TypeError",
    values: [
      "undefined is not an object (evaluating 'a.b.c')",
      "undefined is not an object (evaluating 'order.total')",
      "null is not an object (evaluating 'order.total')",
    ],
  },
  {
    name: "Safari calls",
    type: "TypeError",
    values: [
      "order.lines.map is not a function. (In 'order.lines.map(e=>e.id)', 'order.lines.map' is undefined)",
      "user.names.map is not a function. (In 'user.names.map(e=>e.id)', 'user.names.map' is undefined)",
    ],
  },
  {
    name: "not functions",
    type: "TypeError",
    values: ["e.preventDefault is not a function", "t.map is not a function", "this.a.b is not a function"],
  },
  {
    name: "not defined",
    type: "ReferenceError",
    values: ["gtag is not defined", "dataLayer is not defined", "Can't find variable: gtag"],
  },
  {
    name: "before initialisation",
    type: "ReferenceError",
    values: ["Cannot access 'a' before initialization", "Cannot access 'order' before initialization"],
  },
  {
    name: "Chrome: DOM calls",
    type: "NotFoundError",
    values: [
      "Failed to execute 'removeChild' on 'Node': The node to be removed is not a child of this node.",
      "Failed to execute 'insertBefore' on 'Node': The node before which the new node is to be inserted is not a child of this node.",
    ],
  },
  {
    name: "Angular codes: more",
    type: "Error",
    values: [
      "NG0201: No provider found for `HttpClient`.",
      "NG0203: No provider found for `HttpClient`.",
      "NG0201: No provider found for `Router`.",
    ],
  },
  {
    name: "React codes: more",
    type: "Error",
    values: [
      "Minified React error #418; visit https://react.dev/errors/418 for the full message",
      "Minified React error #423; visit https://react.dev/errors/423 for the full message",
      "Minified React error #31; visit https://react.dev/errors/31 for the full message",
    ],
  },
  {
    name: "Svelte and Vue codes",
    type: "Error",
    values: [
      "https://vuejs.org/error-reference/#runtime-1 in setup",
      "https://vuejs.org/error-reference/#runtime-2 in render",
    ],
  },
  {
    name: "Node codes",
    type: "Error",
    values: [
      "connect ECONNREFUSED 10.0.0.5:5432",
      "connect ECONNRESET 10.0.0.5:5432",
      "connect EHOSTUNREACH 10.0.0.5:5432",
      "read ECONNRESET",
    ],
  },
  {
    name: "Node arguments",
    type: "TypeError",
    values: [
      'The "path" argument must be of type string. Received undefined',
      'The "data" argument must be of type string. Received undefined',
      'The "path" argument must be of type string. Received null',
    ],
  },
  {
    name: "Node modules",
    type: "Error",
    values: ["Cannot find module 'express'", "Cannot find module 'lodash/fp'", "Cannot find module './routes'"],
  },
  {
    name: "Node packages",
    type: "Error",
    values: [
      "Cannot find package 'left-pad' imported from /srv/app/index.mjs",
      "Cannot find package '@acme/core' imported from /srv/app/index.mjs",
    ],
  },
  {
    name: "Node exports",
    type: "SyntaxError",
    values: [
      "The requested module './a.js' does not provide an export named 'foo'",
      "The requested module './a.js' does not provide an export named 'bar'",
    ],
  },
  {
    name: "Python attributes",
    type: "AttributeError",
    values: [
      "'NoneType' object has no attribute 'id'",
      "'NoneType' object has no attribute 'name'",
      "'Order' object has no attribute 'id'",
    ],
  },
  {
    name: "Python modules",
    type: "ModuleNotFoundError",
    values: ["No module named 'requests'", "No module named 'yaml'"],
  },
  {
    name: "Python arguments",
    type: "TypeError",
    values: [
      "f() missing 1 required positional argument: 'a'",
      "f() missing 1 required positional argument: 'b'",
      "f() got an unexpected keyword argument 'b'",
    ],
  },
  {
    name: "Python operands",
    type: "TypeError",
    values: [
      "unsupported operand type(s) for +: 'int' and 'str'",
      "unsupported operand type(s) for -: 'int' and 'str'",
      "unsupported operand type(s) for +: 'NoneType' and 'str'",
    ],
  },
  { name: "Python keys", type: "KeyError", values: ["'user_id'", "'email'", "'total'"] },
  {
    name: "Python locals",
    type: "UnboundLocalError",
    values: [
      "local variable 'a' referenced before assignment",
      "local variable 'b' referenced before assignment",
      "cannot access local variable 'c' where it is not associated with a value",
    ],
  },
  { name: "Python names", type: "NameError", values: ["name 'foo' is not defined", "name 'bar' is not defined"] },
  {
    name: "Python imports",
    type: "ImportError",
    values: [
      "cannot import name 'foo' from 'acme.a' (/srv/acme/a.py)",
      "cannot import name 'bar' from 'acme.a' (/srv/acme/a.py)",
      "cannot import name 'foo' from 'acme.b' (/srv/acme/b.py)",
    ],
  },
  {
    name: "Python codecs",
    type: "UnicodeDecodeError",
    values: [
      "'utf-8' codec can't decode byte 0xff in position 0: invalid start byte",
      "'ascii' codec can't decode byte 0xff in position 0: ordinal not in range(128)",
      "'utf-8' codec can't decode byte 0xff in position 0: unexpected end of data",
    ],
  },
  { name: "Django templates", type: "TemplateDoesNotExist", values: ["orders/list.html", "orders/detail.html"] },
  {
    name: "Django reverse",
    type: "NoReverseMatch",
    values: [
      "Reverse for 'order-detail' not found. 'order-detail' is not a valid view function or pattern name.",
      "Reverse for 'user-detail' not found. 'user-detail' is not a valid view function or pattern name.",
    ],
  },
  { name: "Celery tasks", type: "NotRegistered", values: ["'acme.tasks.send_mail'", "'acme.tasks.bill'"] },
  {
    name: "Java null pointers",
    type: "NullPointerException",
    values: [
      'Cannot invoke "String.length()" because "<local1>" is null',
      'Cannot invoke "com.acme.Order.getId()" because "order" is null',
      'Cannot invoke "com.acme.Order.getId()" because the return value of "com.acme.Cart.order()" is null',
    ],
  },
  { name: "Java classes", type: "ClassNotFoundException", values: ["com.acme.Foo", "com.acme.Bar", "org.acme.v2.Foo"] },
  {
    name: "Java class casts",
    type: "ClassCastException",
    values: [
      "class java.lang.String cannot be cast to class java.lang.Integer",
      "class java.lang.Long cannot be cast to class java.lang.Integer",
    ],
  },
  {
    name: "Java: class versions",
    type: "NoSuchMethodError",
    values: ["'void com.acme.A.b(int)'", "'void com.acme.A.c(int)'"],
  },
  {
    name: "Spring beans",
    type: "NoSuchBeanDefinitionException",
    values: ["No qualifying bean of type 'com.acme.A' available", "No qualifying bean of type 'com.acme.B' available"],
  },
  {
    name: "Jackson fields",
    type: "UnrecognizedPropertyException",
    values: [
      'Unrecognized field "foo" (class com.acme.A), not marked as ignorable',
      'Unrecognized field "bar" (class com.acme.A), not marked as ignorable',
    ],
  },
  {
    name: "Kotlin",
    type: "UninitializedPropertyAccessException",
    values: [
      "lateinit property adapter has not been initialized",
      "lateinit property binding has not been initialized",
    ],
  },
  {
    name: "Kotlin nulls",
    type: "NullPointerException",
    values: [
      "Parameter specified as non-null is null: method com.acme.A.f, parameter savedInstanceState",
      "Parameter specified as non-null is null: method com.acme.A.f, parameter intent",
    ],
  },
  {
    name: "Go panics",
    type: "runtime.Error",
    values: [
      "interface conversion: interface {} is nil, not string",
      "interface conversion: interface {} is string, not int",
      "interface conversion: interface {} is float64, not int",
      "interface conversion: interface {} is float64, not int64",
    ],
  },
  {
    name: "Go JSON",
    type: "*json.UnmarshalTypeError",
    values: [
      "json: cannot unmarshal string into Go struct field Order.id of type int",
      "json: cannot unmarshal number into Go struct field Order.name of type string",
      "json: cannot unmarshal string into Go struct field Order.id of type int64",
    ],
  },
  {
    name: "Ruby methods",
    type: "NoMethodError",
    values: [
      "undefined method `total' for nil:NilClass",
      "undefined method `name' for nil:NilClass",
      "undefined method 'total' for nil",
      "undefined method 'name' for nil",
      "undefined method 'name' for an instance of Order",
    ],
  },
  {
    name: "Ruby constants",
    type: "NameError",
    values: [
      "uninitialized constant Foo::Bar",
      "uninitialized constant Foo::Baz",
      "undefined local variable or method `a' for main:Object",
      "undefined local variable or method `b' for main:Object",
    ],
  },
  {
    name: "Rails parameters",
    type: "ActionController::ParameterMissing",
    values: ["param is missing or the value is empty: order", "param is missing or the value is empty: user"],
  },
  {
    name: "Rails validation",
    type: "ActiveRecord::RecordInvalid",
    values: ["Validation failed: Email has already been taken", "Validation failed: Name can't be blank"],
  },
  {
    name: "PHP variables",
    type: "ErrorException",
    values: [
      "Undefined variable $order",
      "Undefined variable $user",
      'Undefined array key "id"',
      'Undefined array key "name"',
      "Undefined property: App\\Order::$total",
      "Undefined property: App\\Order::$name",
    ],
  },
  {
    name: "PHP calls",
    type: "Error",
    values: [
      "Call to a member function total() on null",
      "Call to a member function name() on null",
      "Call to undefined method App\\Order::foo()",
      "Call to undefined function foo()",
      "Call to undefined function bar()",
      'Class "App\\Foo" not found',
      'Class "App\\Bar" not found',
    ],
  },
  {
    name: "PHP types",
    type: "TypeError",
    values: [
      "App\\A::f(): Argument #1 ($x) must be of type string, null given, called in /srv/a.php on line 12",
      "App\\A::f(): Argument #2 ($y) must be of type string, null given, called in /srv/a.php on line 12",
      "App\\A::g(): Argument #1 ($x) must be of type int, string given, called in /srv/a.php on line 12",
    ],
  },
  {
    name: ".NET services",
    type: "InvalidOperationException",
    values: [
      "Unable to resolve service for type 'Acme.IA' while attempting to activate 'Acme.B'.",
      "Unable to resolve service for type 'Acme.IC' while attempting to activate 'Acme.D'.",
    ],
  },
  {
    name: ".NET parameters",
    type: "ArgumentNullException",
    values: ["Value cannot be null. (Parameter 'source')", "Value cannot be null. (Parameter 'key')"],
  },
  {
    name: ".NET objects",
    type: "ObjectDisposedException",
    values: [
      "Cannot access a disposed object.\nObject name: 'System.Net.Http.HttpClient'.",
      "Cannot access a disposed object.\nObject name: 'Acme.DbContext'.",
    ],
  },
  {
    name: ".NET: assemblies: more",
    type: "FileNotFoundException",
    values: [
      "Could not load file or assembly 'Newtonsoft.Json, Version=13.0.0.0, Culture=neutral, PublicKeyToken=30ad4fe6b2a6aeed'. The system cannot find the file specified.",
      "Could not load file or assembly 'Serilog, Version=2.0.0.0, Culture=neutral, PublicKeyToken=24c2f752a8e58a10'. The system cannot find the file specified.",
    ],
  },
  {
    name: "Rust panics",
    type: "panic",
    values: [
      "called `Option::unwrap()` on a `None` value",
      "called `Result::unwrap()` on an `Err` value: ParseIntError { kind: InvalidDigit }",
      "called `Result::unwrap()` on an `Err` value: ParseIntError { kind: Empty }",
      "attempt to divide by zero",
      "attempt to add with overflow",
    ],
  },
  {
    name: "Rust serde",
    type: "Error",
    values: [
      "missing field `id` at line 1 column 12",
      "missing field `name` at line 1 column 12",
      "unknown field `foo`, expected `id` or `name`",
      'invalid type: string "a", expected u32 at line 1 column 5',
      'invalid type: string "a", expected u64 at line 1 column 5',
    ],
  },
  {
    name: "iOS codes",
    type: "NSError",
    values: [
      "Error Domain=NSURLErrorDomain Code=-1001",
      "Error Domain=NSURLErrorDomain Code=-1009",
      "Error Domain=NSCocoaErrorDomain Code=4",
    ],
  },
  {
    name: "iOS descriptions",
    type: "NSError",
    values: [
      "The operation couldn’t be completed. (Acme.NetworkError error 1.)",
      "The operation couldn’t be completed. (Acme.NetworkError error 2.)",
      "The operation couldn’t be completed. (NSURLErrorDomain error -1009.)",
    ],
  },
  {
    name: "iOS selectors",
    type: "NSInvalidArgumentException",
    values: [
      "-[Foo bar]: unrecognized selector sent to instance 0x600000000010",
      "-[Foo baz]: unrecognized selector sent to instance 0x600000000010",
    ],
  },
  { name: "Mach exceptions", type: "EXC_BAD_ACCESS", values: ["KERN_INVALID_ADDRESS", "KERN_PROTECTION_FAILURE"] },
  {
    name: "Android permissions",
    type: "SecurityException",
    values: [
      "Permission Denial: reading com.android.providers.contacts requires android.permission.READ_CONTACTS",
      "Permission Denial: reading com.android.providers.calendar requires android.permission.READ_CALENDAR",
    ],
  },
  {
    name: "Android resources",
    type: "InflateException",
    values: [
      "Binary XML file line #12: Error inflating class TextView",
      "Binary XML file line #12: Error inflating class MapView",
    ],
  },
  {
    name: "gRPC codes: more",
    type: "RpcError",
    values: [
      "13 INTERNAL: Received RST_STREAM with code 2",
      "13 INTERNAL: Received RST_STREAM with code 8",
      "14 UNAVAILABLE: read ECONNRESET",
      "5 NOT_FOUND: order",
    ],
  },
  {
    name: "GraphQL fields",
    type: "GraphQLError",
    values: [
      'Cannot query field "foo" on type "Query".',
      'Cannot query field "bar" on type "Query".',
      'Cannot query field "foo" on type "Order".',
    ],
  },
  {
    name: "GraphQL variables",
    type: "GraphQLError",
    values: [
      'Variable "$id" of required type "ID!" was not provided.',
      'Variable "$name" of required type "String!" was not provided.',
    ],
  },
  {
    name: "Stripe messages",
    type: "StripeCardError",
    values: ["Your card was declined.", "Your card has insufficient funds.", "Your card has expired."],
  },
  { name: "Stripe codes", type: "StripeError", values: ["card_declined", "expired_card"] },
  {
    name: "Twilio codes",
    type: "TwilioRestException",
    values: [
      "HTTP 400 error: Unable to create record: error 21211",
      "HTTP 400 error: Unable to create record: error 21614",
    ],
  },
  { name: "SMTP replies", type: "SMTPDataError", values: ["550 5.1.1 User unknown", "552 5.2.2 Mailbox full"] },
  {
    name: "SMTP codes: more",
    type: "SMTPError",
    values: ["Mail command failed: 421 Service not available", "Mail command failed: 454 Service not available"],
  },
  {
    name: "nodemailer",
    type: "Error",
    values: ["Invalid login: 535 5.7.8 Authentication failed", "Message failed: 554 5.7.1 Relay access denied"],
  },
  { name: "TLS alerts", type: "Error", values: ["SSL alert number 40", "SSL alert number 70"] },
  {
    name: "TLS texts",
    type: "SSLError",
    values: [
      "unable to get local issuer certificate",
      "certificate has expired",
      "self signed certificate in certificate chain",
      "wrong version number",
    ],
  },
  {
    name: "OpenSSL codes",
    type: "Error",
    values: [
      "error:0A000086:SSL routines::certificate verify failed",
      "error:0A00010B:SSL routines::wrong version number",
    ],
  },
  {
    name: "DNS codes",
    type: "Error",
    values: ["queryA ESERVFAIL a.test", "queryA ETIMEOUT a.test", "querySrv ENOTFOUND a.test"],
  },
  {
    name: "Kafka codes",
    type: "KafkaError",
    values: [
      'KafkaError{code=_MSG_TIMED_OUT,val=-192,str="Local: Message timed out"}',
      'KafkaError{code=UNKNOWN_TOPIC_OR_PART,val=3,str="Broker: Unknown topic or partition"}',
    ],
  },
  {
    name: "AMQP codes",
    type: "AMQPError",
    values: ["Channel closed by server: 404 (NOT-FOUND)", "Channel closed by server: 406 (PRECONDITION-FAILED)"],
  },
  {
    name: "AMQP codes in tuples",
    type: "ChannelClosed",
    values: [
      "(404, \"NOT_FOUND - no exchange 'a' in vhost '/'\")",
      "(406, \"PRECONDITION_FAILED - inequivalent arg 'durable' for queue 'a' in vhost '/'\")",
    ],
  },
  {
    name: "WebSocket close codes",
    type: "Error",
    values: ["WebSocket closed with code 1006", "WebSocket closed with code 1011", "socket closed: code=4001 reason="],
  },
  { name: "Media errors", type: "MediaError", values: ["MEDIA_ERR_SRC_NOT_SUPPORTED (4)", "MEDIA_ERR_DECODE (3)"] },
  {
    name: "Firebase codes",
    type: "FirebaseError",
    values: [
      "Firebase: Error (auth/network-request-failed).",
      "Firebase: Error (auth/popup-closed-by-user).",
      "Firebase: Error (auth/wrong-password).",
    ],
  },
  {
    name: "AWS operations: more",
    type: "Error",
    values: [
      "Value null at 'tableName' failed to satisfy constraint: Member must not be null",
      "Value null at 'keyName' failed to satisfy constraint: Member must not be null",
    ],
  },
  {
    name: "ESLint and TypeScript",
    type: "Error",
    values: ["error TS2304: Cannot find name 'foo'.", "error TS2322: Cannot find name 'foo'."],
  },
  {
    name: "hash functions",
    type: "Error",
    values: ["md5 checksum mismatch", "sha1 checksum mismatch", "sha256 checksum mismatch", "sha512 checksum mismatch"],
  },
  {
    name: "charsets",
    type: "Error",
    values: [
      "unsupported charset: iso-8859-1",
      "unsupported charset: iso-8859-15",
      "unsupported charset: windows-1252",
      "unsupported charset: utf-16",
    ],
  },
  {
    name: "types with widths",
    type: "Error",
    values: ["cannot convert int32 to float64", "cannot convert int64 to float64", "cannot convert int64 to float32"],
  },
  {
    name: "protocol versions",
    type: "Error",
    values: ["unsupported protocol TLSv1.1", "unsupported protocol TLSv1.0"],
  },
  { name: "HTTP methods", type: "MethodNotAllowed", values: ["Method GET not allowed", "Method POST not allowed"] },
  {
    name: "media types",
    type: "UnsupportedMediaType",
    values: [
      "Content type 'text/plain' not supported",
      "Content type 'application/xml' not supported",
      "unsupported content type application/xml",
      "unsupported content type text/csv",
    ],
  },
  { name: "two halves", type: "Error", values: ["read/write error", "read/only error", "input/output error"] },
  {
    name: "the second line decides",
    type: "Error",
    values: ["Build failed\nCannot resolve ./a", "Build failed\nSyntax error"],
  },
  {
    name: "environment variables",
    type: "Error",
    values: [
      "Missing environment variable DATABASE_URL",
      "Missing environment variable S3_BUCKET",
      'Missing environment variable: "REDIS_URL"',
      'Missing environment variable: "API_KEY"',
    ],
  },
  {
    name: "feature flags",
    type: "Error",
    values: ["flag 'new-checkout' is not defined", "flag 'dark-mode' is not defined"],
  },
  { name: "CSRF and CORS", type: "Error", values: ["CSRF token missing", "CSRF token mismatch", "CORS error"] },
  {
    name: "quoted messages",
    type: "Error",
    values: ['upstream said: {"error":"invalid_grant"}', 'upstream said: {"error":"invalid_client"}'],
  },
  {
    name: "OAuth",
    type: "OAuthError",
    values: ["invalid_grant: Token has been expired or revoked.", "invalid_client: The OAuth client was not found."],
  },
  {
    name: "AADSTS",
    type: "AuthError",
    values: [
      "AADSTS50076: Due to a configuration change made by your administrator",
      "AADSTS700016: Application with identifier was not found in the directory",
    ],
  },
  {
    name: "LDAP",
    type: "NamingException",
    values: ["[LDAP: error code 49 - Invalid Credentials]", "[LDAP: error code 32 - No Such Object]"],
  },
  { name: "FTP", type: "FTPException", values: ["550 Failed to change directory.", "530 Login incorrect."] },
  {
    name: "curl",
    type: "RuntimeException",
    values: [
      "cURL error 28: Operation timed out after 5001 milliseconds with 0 bytes received",
      "cURL error 6: Could not resolve host: a.test",
      "cURL error 7: Failed to connect",
    ],
  },
  {
    name: "curl alone",
    type: "RuntimeException",
    values: ["curl: (35) Recv failure: Connection reset by peer", "curl: (56) Recv failure: Connection reset by peer"],
  },
  { name: "Shopify", type: "Error", values: ["GraphQL error 200: throttled", "GraphQL error 403: throttled"] },
  { name: "log lines of superagent", type: "Error", values: ["GET /api/orders/12 404", "GET /api/orders/12 500"] },
  {
    name: "statuses of access logs",
    type: "access",
    values: ['10.0.0.1 "GET /a HTTP/1.1" 404 12', '10.0.0.1 "GET /a HTTP/1.1" 500 12'],
  },
  {
    name: "Windows statuses",
    type: "SEHException",
    values: [
      "The RPC server failed. (0x800706BA)",
      "The RPC server failed. (0x800706BE)",
      "Unhandled exception in app.exe: 0xC0000005",
      "Unhandled exception in app.exe: 0xC000001D",
    ],
  },
  { name: "NTSTATUS", type: "Error", values: ["NTSTATUS 0xC000000D", "NTSTATUS 0xC0000022"] },
  {
    name: "Google Play codes",
    type: "PlatformException",
    values: [
      "sign_in_failed, com.google.android.gms.common.api.ApiException: 10: ",
      "sign_in_failed, com.google.android.gms.common.api.ApiException: 12500: ",
    ],
  },
  {
    name: "Dart getters",
    type: "NoSuchMethodError",
    values: [
      "The getter 'length' was called on null.",
      "The getter 'id' was called on null.",
      "The method 'id' was called on null.",
    ],
  },
  {
    name: "Dart types",
    type: "TypeError",
    values: [
      "type 'Null' is not a subtype of type 'String' in type cast",
      "type 'int' is not a subtype of type 'String' in type cast",
    ],
  },
  {
    name: "React Native components",
    type: "Error",
    values: [
      'requireNativeComponent: "RNCWebView" was not found in the UIManager.',
      'requireNativeComponent: "RNSScreen" was not found in the UIManager.',
    ],
  },
  {
    name: "Chrome identifiers",
    type: "SyntaxError",
    values: ["Identifier 'foo' has already been declared", "Identifier 'bar' has already been declared"],
  },
  {
    name: "Chrome module specifiers",
    type: "TypeError",
    values: ['Failed to resolve module specifier "react"', 'Failed to resolve module specifier "lodash"'],
  },
  {
    name: "Chrome: the in operator",
    type: "TypeError",
    values: [
      "Cannot use 'in' operator to search for 'id' in undefined",
      "Cannot use 'in' operator to search for 'length' in undefined",
    ],
  },
  { name: "Firefox: read-only", type: "TypeError", values: ['"x" is read-only', '"total" is read-only'] },
  {
    name: "Node: circular structures",
    type: "TypeError",
    values: [
      "Converting circular structure to JSON\n    --> starting at object with constructor 'Socket'",
      "Converting circular structure to JSON\n    --> starting at object with constructor 'HTMLDivElement'",
    ],
  },
  {
    name: "logrus lines",
    type: "app",
    values: [
      'time="2026-11-26T10:00:00Z" level=error msg="cannot load"',
      'time="2026-11-26T10:00:00Z" level=error msg="cannot save"',
    ],
  },
  {
    name: "log lines of slog",
    type: "app",
    values: ['level=ERROR msg=failed err="unexpected EOF"', 'level=ERROR msg=failed err="broken pipe"'],
  },
  {
    name: "JSON log lines",
    type: "app",
    values: [
      '{"level":"error","ts":1700000000.123,"msg":"boom"}',
      '{"level":"error","ts":1700000000.123,"msg":"bang"}',
      '{"level":"warn","ts":1700000000.123,"msg":"bang"}',
    ],
  },
  { name: "versions of a program", type: "Error", values: ["python3.11: not found", "python3.12: not found"] },
  {
    name: "PostgreSQL: what is wrong with a key",
    type: "Error",
    values: [
      "violates a constraint\nDETAIL:  Key (id)=(12) already exists.",
      'violates a constraint\nDETAIL:  Key (id)=(12) is not present in table "users".',
      'violates a constraint\nDETAIL:  Key (id)=(12) is still referenced from table "orders".',
    ],
  },
  {
    name: "status after an arrow",
    type: "Error",
    values: ["POST /orders -> 500", "POST /orders -> 404"],
  },
  {
    name: "status in brackets",
    type: "Error",
    values: ["[500] upstream failed", "[503] upstream failed"],
  },
  {
    name: "WebSocket closed",
    type: "Error",
    values: ["WebSocket closed with 1006", "WebSocket closed with 1011"],
  },
  {
    name: "Joi: rules of fields",
    type: "ValidationError",
    values: ['"email" must be a valid email', '"name" must be a valid email'],
  },
];
