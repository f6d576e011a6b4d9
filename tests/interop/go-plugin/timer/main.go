// Times a bare go-plugin client: from nothing to the answer of PluginInfo, once a round.
//
//	timer <plugin file> <rounds>
//
// Prints the milliseconds of each round as a JSON list.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"

	"optimus.example/interop/wire"
)

// base is the host's end of a plugin: nothing but its connection.
type base struct {
	plugin.NetRPCUnsupportedPlugin
}

func (base) GRPCServer(*plugin.GRPCBroker, *grpc.Server) error { return nil }

func (base) GRPCClient(_ context.Context, _ *plugin.GRPCBroker, connection *grpc.ClientConn) (interface{}, error) {
	return connection, nil
}

func main() {
	rounds, err := strconv.Atoi(os.Args[2])
	if err != nil {
		fail(err)
	}
	times := make([]float64, rounds)
	for round := range times {
		times[round] = start(os.Args[1])
	}
	text, _ := json.Marshal(times)
	fmt.Println(string(text))
}

func start(file string) float64 {
	begun := time.Now()
	client := plugin.NewClient(&plugin.ClientConfig{
		HandshakeConfig:  wire.Handshake,
		Plugins:          map[string]plugin.Plugin{"base": base{}},
		Cmd:              exec.Command(file),
		AllowedProtocols: []plugin.Protocol{plugin.ProtocolGRPC},
		Logger:           hclog.NewNullLogger(),
	})
	defer client.Kill()
	connection, err := client.Client()
	if err != nil {
		fail(err)
	}
	dispensed, err := connection.Dispense("base")
	if err != nil {
		fail(err)
	}
	method := "/" + wire.Dialects["2022"].Base + "/PluginInfo"
	answer := &wire.InfoResponse{}
	if err := dispensed.(*grpc.ClientConn).Invoke(context.Background(), method, &wire.Empty{}, answer); err != nil {
		fail(err)
	}
	return float64(time.Since(begun).Microseconds()) / 1000
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
