// A plugin as an author writes one in Go. What it is, is told by environment variables; what a call does, by the job's name.
package main

import (
	"context"
	"os"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"

	"optimus.example/interop/wire"
)

// services is the plugin: everything it has beside go-plugin's own services.
type services struct {
	plugin.NetRPCUnsupportedPlugin
	names wire.Names
	mods  map[string]bool
}

func (s *services) GRPCServer(_ *plugin.GRPCBroker, server *grpc.Server) error {
	if s.names.Base != "" {
		wire.Register(server, s.names.Base, wire.Method("PluginInfo", s.info))
	}
	if s.names.CLI != "" && s.mods["cli"] {
		wire.Register(server, s.names.CLI,
			wire.Method("GetQuestions", questions),
			wire.Method("ValidateQuestion", validate),
			wire.Method("DefaultConfig", defaultConfig),
			wire.Method("DefaultAssets", defaultAssets),
			wire.Method("CompileAssets", compileAssets))
	}
	if s.names.Resolver != "" && s.mods["resolver"] {
		wire.Register(server, s.names.Resolver, s.resolverMethods()...)
	}
	return nil
}

func (s *services) resolverMethods() []grpc.MethodDesc {
	methods := []grpc.MethodDesc{
		wire.Method("GenerateDestination", destination),
		wire.Method("GenerateDependencies", dependencies),
	}
	if s.names.Base != "" {
		return methods
	}
	methods = append(methods, wire.Method("GetName", getName))
	if setting("DIALECT", "2022") == "resolver" {
		return append(methods, wire.Method("CompileAssets", compileAssets))
	}
	return append(methods, wire.Method("CompileAssets", compileAssetsOfRaystack))
}

func (s *services) GRPCClient(context.Context, *plugin.GRPCBroker, *grpc.ClientConn) (interface{}, error) {
	return nil, nil
}

var logger hclog.Logger

func main() {
	// Before Serve, as the Go SDK of Optimus does: its lines then reach the real standard error.
	logger = hclog.New(&hclog.LoggerOptions{Name: "sample", Level: hclog.Trace, JSONFormat: true, Output: os.Stderr})
	handshake := wire.Handshake
	if setting("COOKIE", "") != "" {
		handshake.MagicCookieValue = setting("COOKIE", "")
	}
	if setting("APP_VERSION", "1") != "1" {
		handshake.ProtocolVersion = 9
	}
	sample := &services{names: wire.Dialects[setting("DIALECT", "2022")], mods: words(setting("SERVES", "cli,resolver"))}
	plugin.Serve(&plugin.ServeConfig{
		HandshakeConfig: handshake,
		Plugins:         map[string]plugin.Plugin{"base": sample},
		GRPCServer:      plugin.DefaultGRPCServer,
		Logger:          logger,
	})
}
