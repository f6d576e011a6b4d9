// Oracle answers when robfig/cron fires, so that our schedules can be held to it without Go.
//
//	go run . < questions.json > answers.json    the ticks of each question
//	go run . -zones                             every zone of the IANA database that Go holds
//
// It carries the database with it: what a machine has installed does not count.
package main

import (
	"archive/zip"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
	_ "time/tzdata"

	"github.com/robfig/cron/v3"
)

// question asks for the ticks of an expression between two instants, in milliseconds since 1970, the first one included.
type question struct {
	Expression string `json:"expression"`
	From       int64  `json:"from"`
	Until      int64  `json:"until"`
}

// answer holds the ticks in milliseconds since 1970, or why the expression is refused.
type answer struct {
	Ticks []int64 `json:"ticks"`
	Error string  `json:"error,omitempty"`
}

func main() {
	// Where a clock skips midnight, the library may search for ever.
	time.AfterFunc(time.Minute, func() { log.Fatal("no answer within a minute") })
	zones := flag.Bool("zones", false, "print the names of the zones")
	flag.Parse()
	time.Local = time.UTC
	encoder := json.NewEncoder(os.Stdout)
	if *zones {
		if err := encoder.Encode(listZones()); err != nil {
			log.Fatal(err)
		}
		return
	}
	var questions []question
	if err := json.NewDecoder(os.Stdin).Decode(&questions); err != nil {
		log.Fatal(err)
	}
	answers := make([]answer, 0, len(questions))
	for _, one := range questions {
		answers = append(answers, one.answer())
	}
	if err := encoder.Encode(answers); err != nil {
		log.Fatal(err)
	}
}

// answer turns a panic into an error: the parser panics at a zone that nothing follows.
func (q question) answer() (result answer) {
	defer func() {
		if reason := recover(); reason != nil {
			result = answer{Ticks: []int64{}, Error: fmt.Sprint(reason)}
		}
	}()
	schedule, err := cron.ParseStandard(q.Expression)
	if err != nil {
		return answer{Ticks: []int64{}, Error: err.Error()}
	}
	ticks := []int64{}
	for at := schedule.Next(time.UnixMilli(q.From - 1).UTC()); !at.IsZero() && at.UnixMilli() < q.Until; at = schedule.Next(at) {
		ticks = append(ticks, at.UnixMilli())
	}
	return answer{Ticks: ticks}
}

func listZones() []string {
	names := []string{}
	archive, err := zip.OpenReader(filepath.Join(runtime.GOROOT(), "lib", "time", "zoneinfo.zip"))
	if err != nil {
		log.Fatal(err)
	}
	defer archive.Close()
	for _, file := range archive.File {
		if !strings.HasSuffix(file.Name, "/") {
			names = append(names, file.Name)
		}
	}
	return names
}
