// A host as the Optimus server was one: starts a plugin, makes the calls it is told, prints an answer line for each.
//
//	host [flags] <plugin file> <call>...
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"

	"optimus.example/interop/wire"
)

type answer struct {
	Call     string      `json:"call"`
	Value    interface{} `json:"value,omitempty"`
	Error    string      `json:"error,omitempty"`
	Code     string      `json:"code,omitempty"`
	Duration int64       `json:"ms"`
}

func main() {
	mtls := flag.Bool("mtls", false, "AutoMTLS")
	dialect := flag.String("dialect", "2022", "names of the services")
	level := flag.String("level", "info", "of the log on standard error")
	flag.Parse()
	logger := hclog.New(&hclog.LoggerOptions{Name: "host", Level: hclog.LevelFromString(*level), JSONFormat: true, Output: os.Stderr})
	client := plugin.NewClient(&plugin.ClientConfig{
		HandshakeConfig:  wire.Handshake,
		Plugins:          map[string]plugin.Plugin{"base": &stub{names: wire.Dialects[*dialect]}},
		Cmd:              exec.Command(flag.Arg(0)),
		AllowedProtocols: []plugin.Protocol{plugin.ProtocolGRPC},
		AutoMTLS:         *mtls,
		Logger:           logger,
		SyncStdout:       labelled("printed"),
		SyncStderr:       labelled("printed to stderr"),
	})
	defer client.Kill()
	run(client, flag.Args()[1:])
}

func run(client *plugin.Client, calls []string) {
	connection, err := client.Client()
	if err != nil {
		report("start", nil, err, time.Now())
		return
	}
	dispensed, err := connection.Dispense("base")
	report("start", client.NegotiatedVersion(), err, time.Now())
	if err != nil {
		return
	}
	for _, call := range calls {
		begun := time.Now()
		switch {
		case call == "ping":
			report(call, nil, connection.Ping(), begun)
		case call == "kill":
			client.Kill()
			report(call, client.Exited(), nil, begun)
		case call == "wait":
			time.Sleep(time.Minute)
		default:
			value, err := dispensed.(*stub).call(call)
			report(call, value, err, begun)
		}
	}
}

func report(call string, value interface{}, err error, begun time.Time) {
	line := answer{Call: call, Value: value, Duration: time.Since(begun).Milliseconds()}
	if err != nil {
		line.Error, line.Code = describe(err)
	}
	print(line)
}

func print(line answer) {
	text, _ := json.Marshal(line)
	fmt.Println(string(text))
}

// labelled is a writer that reports what it is given.
type labelled string

func (label labelled) Write(text []byte) (int, error) {
	print(answer{Call: string(label), Value: strings.ToValidUTF8(string(text), "?")})
	return len(text), nil
}
