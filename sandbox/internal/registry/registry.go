// Package registry runs an OCI registry on loopback, to which helm can push charts and from which Walm
// pulls them. It speaks plain http, as registries for tests do.
package registry

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/distribution/distribution/v3/configuration"
	"github.com/distribution/distribution/v3/registry/handlers"
	"github.com/sirupsen/logrus"
	"golang.org/x/crypto/bcrypt"

	// The registry looks these two up by name.
	_ "github.com/distribution/distribution/v3/registry/auth/htpasswd"
	_ "github.com/distribution/distribution/v3/registry/storage/driver/filesystem"
)

// stopLimit bounds how long transfers that are under way may take when the registry stops.
const stopLimit = 3 * time.Second

// Options says where the registry keeps its content and who may use it.
type Options struct {
	// Folder holds the content; it is created if missing.
	Folder string
	// Username and Password are required by basic authentication; without them every client may read and write.
	Username, Password string
	Log                io.Writer
}

// Validate returns what is wrong with the options.
func (o Options) Validate() error {
	if (o.Username == "") != (o.Password == "") {
		return errors.New("user name and password are given together or not at all")
	}
	// bcrypt ignores everything beyond.
	if len(o.Password) > 72 {
		return errors.New("a password has at most 72 bytes")
	}
	return nil
}

// Serve answers on the listener until the context ends.
func Serve(ctx context.Context, listener net.Listener, options Options) error {
	if err := options.Validate(); err != nil {
		return err
	}
	if err := os.MkdirAll(options.Folder, 0o700); err != nil {
		return fmt.Errorf("registry: %w", err)
	}
	logrus.SetOutput(options.Log)
	logrus.SetLevel(logrus.WarnLevel)
	config := &configuration.Configuration{Storage: configuration.Storage{
		"filesystem": {"rootdirectory": filepath.Join(options.Folder, "content")},
		"delete":     {"enabled": true},
	}}
	config.HTTP.Secret = rand.Text()
	if options.Username != "" {
		file := filepath.Join(options.Folder, "htpasswd")
		if err := writeHtpasswd(file, options.Username, options.Password); err != nil {
			return fmt.Errorf("registry: %w", err)
		}
		config.Auth = configuration.Auth{"htpasswd": {"realm": "walm-sandbox", "path": file}}
	}
	server := &http.Server{Handler: handlers.NewApp(ctx, config), ReadHeaderTimeout: 10 * time.Second}
	stop := context.AfterFunc(ctx, func() {
		limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopLimit)
		defer cancel()
		if err := server.Shutdown(limited); err != nil {
			_ = server.Close()
		}
	})
	defer stop()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("registry: %w", err)
	}
	return nil
}

func writeHtpasswd(file, username, password string) error {
	hash, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.DefaultCost)
	if err != nil {
		return err
	}
	return os.WriteFile(file, fmt.Appendf(nil, "%s:%s\n", username, hash), 0o600)
}
