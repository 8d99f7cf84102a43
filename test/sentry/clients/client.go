// A program that reports to an intake: client DSN TASK. Prints the ids of its events, one a line.
//
//	report: three times an error with a cause, by two users, and a message
//	one-by-one: the same, but each is sent before the next one is made
//	large: an error with about 100 kB of data
package main

import (
	"fmt"
	"log"
	"os"
	"strconv"
	"time"

	"github.com/getsentry/sentry-go"
)

type paymentError struct {
	cause error
}

func (paymentError) Error() string {
	return "payment failed"
}

func (err paymentError) Unwrap() error {
	return err.cause
}

func chargeCard(cart string) error {
	return fmt.Errorf("the card of %s is declined", cart)
}

func pay(cart string) error {
	return paymentError{chargeCard(cart)}
}

func reportError() {
	fmt.Println(*sentry.CaptureException(pay("cart-7")))
}

func setUser(id string) {
	sentry.ConfigureScope(func(scope *sentry.Scope) {
		scope.SetUser(sentry.User{ID: id})
	})
}

func report(flush func()) {
	for _, user := range []string{"u-1", "u-2", "u-2"} {
		setUser(user)
		reportError()
		flush()
		fmt.Println(*sentry.CaptureMessage("checkout opened"))
		flush()
	}
}

func large() {
	carts := make([]string, 20_000)
	for index := range carts {
		carts[index] = strconv.Itoa(index)
	}
	sentry.ConfigureScope(func(scope *sentry.Scope) {
		scope.SetExtra("carts", carts)
	})
	reportError()
}

func flush() {
	if !sentry.Flush(10 * time.Second) {
		log.Fatal("The events were not sent in time.")
	}
}

func main() {
	dsn, task := os.Args[1], os.Args[2]
	err := sentry.Init(sentry.ClientOptions{
		Dsn:         dsn,
		Release:     "shop@1.4.0",
		Environment: "production",
		Debug:       true,
		DebugWriter: os.Stderr,
	})
	if err != nil {
		log.Fatal(err)
	}
	switch task {
	case "report":
		report(func() {})
	case "one-by-one":
		report(flush)
	case "large":
		large()
	}
	flush()
}
