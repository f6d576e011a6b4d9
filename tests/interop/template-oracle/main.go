// Oracle renders templates with Go's own text/template and sprig, so that our implementation can be held to them without Go.
//
//	go run . < cases.json > golden.json       render the templates of a golden file anew
//	go run . -measure 5s < cases.json         templates parsed and rendered per second, for the benchmark
//
// To add a case, add {"template": "…"} to core/compiler/src/template/fixtures/golden.json and run rebuild.ts beside this file.
// See core/compiler/src/template/DESIGN.md.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"strings"
	"text/template"
	"time"

	"github.com/Masterminds/sprig/v3"
)

// outcome is what Go makes of one template; Error is empty when it renders.
type outcome struct {
	Template string `json:"template"`
	Output   string `json:"output"`
	Error    string `json:"error,omitempty"`
}

// executionTime is what now answers; the suite renders with the same.
var executionTime = time.Date(2022, 9, 19, 2, 30, 45, 0, time.UTC)

// data is what every template of the corpus sees; fixtures/golden-data.ts holds the same. It is made anew for each template:
// set and its like change it.
func data() map[string]any {
	return map[string]any{
		"DSTART":  "2022-09-18T00:00:00Z",
		"DEND":    "2022-09-19T00:00:00Z",
		"secret":  map[string]any{"api_key": "s3cr$t", "empty": ""},
		"proj":    map[string]any{"BUCKET": "lake", "REGION": "eu"},
		"name":    "Ada",
		"text":    "héllo wörld",
		"html":    "<a href=\"x\">'T&T'</a>",
		"empty":   "",
		"nothing": nil,
		"yes":     true,
		"no":      false,
		"ten":     10,
		"minus":   -3,
		"ratio":   2.5,
		"whole":   4.0,
		"items":   []any{"a", "b", "c"},
		"mixed":   []any{"x", 1, nil, 2.5, true},
		"none":    []any{},
		"map":     map[string]any{"b": 2, "a": "one", "c": []any{"z"}},
		"nested":  map[string]any{"one": map[string]any{"two": map[string]any{"three": "deep"}}},
	}
}

func main() {
	measure := flag.Duration("measure", 0, "render over and over for this long and print the templates per second")
	flag.Parse()
	// The zone of the server: sprig's dates are local.
	time.Local = time.UTC
	var corpus []outcome
	if err := json.NewDecoder(os.Stdin).Decode(&corpus); err != nil {
		log.Fatal(err)
	}
	if *measure > 0 {
		fmt.Printf("%.1f\n", perSecond(corpus, *measure))
		return
	}
	outcomes := make([]outcome, 0, len(corpus))
	for _, asked := range corpus {
		outcomes = append(outcomes, render(asked.Template))
	}
	if err := write(outcomes); err != nil {
		log.Fatal(err)
	}
}

// perSecond counts passes through the whole corpus.
func perSecond(corpus []outcome, atLeast time.Duration) float64 {
	start := time.Now()
	passes := 0
	for time.Since(start) < atLeast {
		for _, asked := range corpus {
			render(asked.Template)
		}
		passes++
	}
	return float64(passes) / time.Since(start).Seconds()
}

// write prints one case a line, so that a changed case is one changed line.
func write(outcomes []outcome) error {
	lines := make([]string, 0, len(outcomes))
	for _, one := range outcomes {
		var line strings.Builder
		encoder := json.NewEncoder(&line)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(one); err != nil {
			return err
		}
		lines = append(lines, strings.TrimSuffix(line.String(), "\n"))
	}
	_, err := fmt.Printf("[\n%s\n]\n", strings.Join(lines, ",\n"))
	return err
}

var functions = toFunctions()

func toFunctions() template.FuncMap {
	known := sprig.TxtFuncMap()
	known["Date"] = date
	known["now"] = func() time.Time { return executionTime }
	return known
}

// render answers an error for a panic too: sprig panics where its must functions answer one.
func render(text string) (result outcome) {
	defer func() {
		if reason := recover(); reason != nil {
			result = outcome{Template: text, Error: fmt.Sprint(reason)}
		}
	}()
	var output strings.Builder
	parsed, err := template.New("t").Funcs(functions).Parse(text)
	if err == nil {
		err = parsed.Execute(&output, data())
	}
	if err != nil {
		return outcome{Template: text, Error: err.Error()}
	}
	return outcome{Template: text, Output: output.String()}
}

func date(value string) (string, error) {
	parsed, err := time.Parse(time.RFC3339, value)
	if err != nil {
		return "", fmt.Errorf("Date: %w", err)
	}
	return parsed.Format("2006-01-02"), nil
}
