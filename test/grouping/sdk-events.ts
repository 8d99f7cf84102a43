/** An event as an SDK or a host sends it, and the bug under it. Browser SDKs send the path of the page as transaction. */
export interface SdkEvent {
  readonly bug: string;
  readonly event: { readonly type: string; readonly transaction: string; readonly value: string };
}

/** A bug occurs under several transactions, and with other data in its value. */
export const EVENTS: readonly SdkEvent[] = [
  {
    bug: "checkout reads the total of no order",
    event: {
      type: "TypeError",
      transaction: "/orders/17",
      value: "Cannot read properties of undefined (reading 'total')",
    },
  },
  {
    bug: "checkout reads the total of no order",
    event: {
      type: "TypeError",
      transaction: "/orders/18",
      value: "Cannot read properties of undefined (reading 'total')",
    },
  },
  {
    bug: "checkout reads the total of no order",
    event: {
      type: "TypeError",
      transaction: "/checkout",
      value: "Cannot read properties of undefined (reading 'total')",
    },
  },
  {
    bug: "checkout reads the total of no order",
    event: {
      type: "TypeError",
      transaction: "/orders/90210/edit",
      value: "Cannot read properties of undefined (reading 'total')",
    },
  },

  {
    bug: "profile reads the name of nobody",
    event: {
      type: "TypeError",
      transaction: "/profile",
      value: "Cannot read properties of undefined (reading 'name')",
    },
  },
  {
    bug: "profile reads the name of nobody",
    event: {
      type: "TypeError",
      transaction: "/orders/17",
      value: "Cannot read properties of undefined (reading 'name')",
    },
  },
  {
    bug: "profile reads the name of nobody",
    event: {
      type: "TypeError",
      transaction: "/users/ann",
      value: "Cannot read properties of undefined (reading 'name')",
    },
  },

  {
    bug: "assets of an old deployment are gone",
    event: {
      type: "ChunkLoadError",
      transaction: "/checkout",
      value: "Loading chunk 17 failed.\n(error: https://cdn.example.com/static/js/17.3a4b5c6d.chunk.js)",
    },
  },
  {
    bug: "assets of an old deployment are gone",
    event: {
      type: "ChunkLoadError",
      transaction: "/orders/17",
      value: "Loading chunk 3 failed.\n(error: https://cdn.example.com/static/js/3.9f8e7d6c.chunk.js)",
    },
  },
  {
    bug: "assets of an old deployment are gone",
    event: {
      type: "ChunkLoadError",
      transaction: "/",
      value: "Loading chunk 482 failed.\n(error: https://cdn.example.com/static/js/482.00ab12cd.chunk.js)",
    },
  },

  {
    bug: "page asks for an order that is not there",
    event: { type: "AxiosError", transaction: "/orders/17", value: "Request failed with status code 404" },
  },
  {
    bug: "page asks for an order that is not there",
    event: { type: "AxiosError", transaction: "/orders/18", value: "Request failed with status code 404" },
  },
  {
    bug: "page asks for an order that is not there",
    event: { type: "AxiosError", transaction: "/search", value: "Request failed with status code 404" },
  },

  {
    bug: "service fails",
    event: { type: "AxiosError", transaction: "/orders/17", value: "Request failed with status code 500" },
  },
  {
    bug: "service fails",
    event: { type: "AxiosError", transaction: "/checkout", value: "Request failed with status code 500" },
  },
  {
    bug: "service fails",
    event: { type: "AxiosError", transaction: "/cart", value: "Request failed with status code 500" },
  },

  {
    bug: "service is slow",
    event: { type: "AxiosError", transaction: "/checkout", value: "timeout of 5000ms exceeded" },
  },
  {
    bug: "service is slow",
    event: { type: "AxiosError", transaction: "/orders/17", value: "timeout of 30000ms exceeded" },
  },
  {
    bug: "service is slow",
    event: { type: "AxiosError", transaction: "/reports/2024-01-02", value: "timeout of 10000ms exceeded" },
  },

  {
    bug: "database refuses connections",
    event: { type: "Error", transaction: "GET /orders/:id", value: "connect ECONNREFUSED 10.0.0.5:5432" },
  },
  {
    bug: "database refuses connections",
    event: { type: "Error", transaction: "POST /orders", value: "connect ECONNREFUSED 10.0.0.6:5432" },
  },
  {
    bug: "database refuses connections",
    event: { type: "Error", transaction: "GET /healthz", value: "connect ECONNREFUSED 127.0.0.1:5432" },
  },
  {
    bug: "database refuses connections",
    event: { type: "Error", transaction: "nightly-report", value: "connect ECONNREFUSED ::1:5432" },
  },

  {
    bug: "uploads are removed too early",
    event: {
      type: "Error",
      transaction: "POST /uploads",
      value: "ENOENT: no such file or directory, open '/tmp/upload-17.png'",
    },
  },
  {
    bug: "uploads are removed too early",
    event: {
      type: "Error",
      transaction: "POST /uploads/:id/resize",
      value: "ENOENT: no such file or directory, open '/tmp/upload-90210.jpeg'",
    },
  },
  {
    bug: "uploads are removed too early",
    event: {
      type: "Error",
      transaction: "resize-images",
      value: "ENOENT: no such file or directory, open '/var/tmp/uploads/2024-01-02/ann 1.png'",
    },
  },

  {
    bug: "address is registered twice",
    event: {
      type: "error",
      transaction: "POST /users",
      value: 'duplicate key value violates unique constraint "users_email_key"',
    },
  },
  {
    bug: "address is registered twice",
    event: {
      type: "error",
      transaction: "POST /users/import",
      value: 'duplicate key value violates unique constraint "users_email_key"',
    },
  },
  {
    bug: "address is registered twice",
    event: {
      type: "error",
      transaction: "import-users",
      value: 'duplicate key value violates unique constraint "users_email_key"',
    },
  },

  {
    bug: "number of an order is given twice",
    event: {
      type: "error",
      transaction: "POST /orders",
      value: 'duplicate key value violates unique constraint "orders_number_key"',
    },
  },
  {
    bug: "number of an order is given twice",
    event: {
      type: "error",
      transaction: "import-orders",
      value: 'duplicate key value violates unique constraint "orders_number_key"',
    },
  },

  {
    bug: "words where the identifier belongs",
    event: {
      type: "error",
      transaction: "GET /orders/:id",
      value: 'invalid input syntax for type integer: "undefined"',
    },
  },
  {
    bug: "words where the identifier belongs",
    event: {
      type: "error",
      transaction: "GET /orders/:id/items",
      value: 'invalid input syntax for type integer: "17.5"',
    },
  },
  {
    bug: "words where the identifier belongs",
    event: { type: "error", transaction: "GET /users/:id", value: 'invalid input syntax for type integer: "ann"' },
  },

  {
    bug: "payload without its user",
    event: { type: "KeyError", transaction: "shop.tasks.send_receipt", value: "'user_id'" },
  },
  {
    bug: "payload without its user",
    event: { type: "KeyError", transaction: "/api/orders/{id}/receipt", value: "'user_id'" },
  },
  {
    bug: "payload without its user",
    event: { type: "KeyError", transaction: "shop.tasks.send_reminder", value: "'user_id'" },
  },

  {
    bug: "payload without its currency",
    event: { type: "KeyError", transaction: "shop.tasks.send_receipt", value: "'currency'" },
  },
  {
    bug: "payload without its currency",
    event: { type: "KeyError", transaction: "/api/orders/{id}/receipt", value: "'currency'" },
  },

  {
    bug: "partner does not answer",
    event: {
      type: "ConnectionError",
      transaction: "shop.tasks.sync_stock",
      value:
        "HTTPSConnectionPool(host='api.example.com', port=443): Max retries exceeded with url: /v1/stock/17 (Caused by NewConnectionError('<urllib3.connection.HTTPSConnection object at 0x7f8a1c0b2d90>: Failed to establish a new connection: [Errno 111] Connection refused'))",
    },
  },
  {
    bug: "partner does not answer",
    event: {
      type: "ConnectionError",
      transaction: "shop.tasks.sync_prices",
      value:
        "HTTPSConnectionPool(host='api.example.com', port=443): Max retries exceeded with url: /v1/prices?since=2024-01-02 (Caused by NewConnectionError('<urllib3.connection.HTTPSConnection object at 0x7f12e44a9fd0>: Failed to establish a new connection: [Errno 111] Connection refused'))",
    },
  },
  {
    bug: "partner does not answer",
    event: {
      type: "ConnectionError",
      transaction: "/admin/stock/17/refresh",
      value:
        "HTTPSConnectionPool(host='api.example.com', port=443): Max retries exceeded with url: /v1/stock/90210 (Caused by NewConnectionError('<urllib3.connection.HTTPSConnection object at 0x10d4b2f30>: Failed to establish a new connection: [Errno 111] Connection refused'))",
    },
  },

  {
    bug: "pool of connections is exhausted",
    event: {
      type: "java.sql.SQLTransientConnectionException",
      transaction: "OrderController.show",
      value: "HikariPool-1 - Connection is not available, request timed out after 30000ms.",
    },
  },
  {
    bug: "pool of connections is exhausted",
    event: {
      type: "java.sql.SQLTransientConnectionException",
      transaction: "CartController.add",
      value: "HikariPool-1 - Connection is not available, request timed out after 30014ms.",
    },
  },
  {
    bug: "pool of connections is exhausted",
    event: {
      type: "java.sql.SQLTransientConnectionException",
      transaction: "ReportJob.run",
      value: "HikariPool-2 - Connection is not available, request timed out after 5001ms.",
    },
  },

  {
    bug: "message of a customer has no order",
    event: {
      type: "App\\Exceptions\\OrderMissing",
      transaction: "/orders/{order}",
      value: "Customer ann@example.com has no order 17",
    },
  },
  {
    bug: "message of a customer has no order",
    event: {
      type: "App\\Exceptions\\OrderMissing",
      transaction: "/api/orders/{order}",
      value: "Customer bob.roe@example.org has no order 90210",
    },
  },
  {
    bug: "message of a customer has no order",
    event: {
      type: "App\\Exceptions\\OrderMissing",
      transaction: "queue:work",
      value: "Customer eve+shop@mail.example.net has no order 550e8400-e29b-41d4-a716-446655440000",
    },
  },

  {
    bug: "function runs out of time",
    event: {
      type: "Runtime.Timeout",
      transaction: "make-thumbnails",
      value: "2024-01-02T03:04:05.678Z 4f1c7d1e-2b3a-4c5d-8e9f-0a1b2c3d4e5f Task timed out after 3.01 seconds",
    },
  },
  {
    bug: "function runs out of time",
    event: {
      type: "Runtime.Timeout",
      transaction: "send-receipts",
      value: "2024-02-14T11:12:13.014Z 77aa55cc-0011-4223-8445-66778899aabb Task timed out after 30.03 seconds",
    },
  },
];
