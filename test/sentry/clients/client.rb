# A program that reports to an intake: client.rb DSN TASK. Prints the ids of its events, one a line.
#
# report: three times an error with a cause, by two users, and a message
# one-by-one: the same, but each is sent before the next one is made
# large: an error with about 100 kB of data
require "sentry-ruby"

class PaymentError < StandardError
end

def charge_card(cart)
  raise ArgumentError, "the card of #{cart} is declined"
end

def pay(cart)
  charge_card(cart)
rescue ArgumentError
  raise PaymentError, "payment failed"
end

# Without threads, there is no event where the intake refuses it.
def id_of(event)
  event ? event.event_id : "refused"
end

def report_error(user)
  Sentry.set_user(id: user)
  pay("cart-7")
rescue PaymentError => error
  puts id_of(Sentry.capture_exception(error))
end

def report
  %w[u-1 u-2 u-2].each do |user|
    report_error(user)
    puts id_of(Sentry.capture_message("checkout opened"))
  end
end

def large
  Sentry.set_extras(carts: (0...20_000).map(&:to_s))
  report_error("u-1")
end

dsn, task = ARGV
Sentry.init do |config|
  config.dsn = dsn
  config.release = "shop@1.4.0"
  config.environment = "production"
  config.logger = Logger.new($stderr)
  # Without threads, each event is sent before the next one is made.
  config.background_worker_threads = task == "one-by-one" ? 0 : 2
end
task == "large" ? large : report
# The SDK has no other flush.
Sentry.background_worker.shutdown_timeout = 10
Sentry.background_worker.shutdown
