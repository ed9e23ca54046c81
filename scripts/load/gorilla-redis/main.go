// A session server as a Go programmer would put it together: net/http, gorilla/sessions and redistore, JSON in Redis.
//
//	gorilla-redis ADDRESS REDIS
//
// POST /open makes a session of about 300 bytes, GET /verify answers what the cookie's session holds.
package main

import (
	"encoding/gob"
	"encoding/json"
	"log"
	"net/http"
	"os"
	"strings"

	"github.com/boj/redistore"
)

func main() {
	gob.Register(map[string]string{})
	store, err := redistore.NewRediStore(64, "tcp", os.Args[2], "", []byte("a key of thirty-two bytes, no more"))
	if err != nil {
		log.Fatal(err)
	}
	store.SetSerializer(redistore.JSONSerializer{})
	note := strings.Repeat("n", 210)
	http.HandleFunc("/open", func(answer http.ResponseWriter, request *http.Request) {
		session, _ := store.New(request, "session")
		session.Values["user_id"] = "load-000001"
		session.Values["state"] = "open"
		session.Values["note"] = note
		if err := session.Save(request, answer); err != nil {
			http.Error(answer, err.Error(), 500)
			return
		}
		answer.WriteHeader(201)
	})
	http.HandleFunc("/verify", func(answer http.ResponseWriter, request *http.Request) {
		session, err := store.Get(request, "session")
		if err != nil || session.IsNew {
			http.Error(answer, "no session", 401)
			return
		}
		values := map[string]interface{}{}
		for name, value := range session.Values {
			values[name.(string)] = value
		}
		answer.Header().Set("Content-Type", "application/json")
		json.NewEncoder(answer).Encode(values)
	})
	log.Fatal(http.ListenAndServe(os.Args[1], nil))
}
